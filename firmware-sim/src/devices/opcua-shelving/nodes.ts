/** A bank as nodes: read-only variables, a method for each verb, and one switch that may be written. */
import type { OPCUAServer } from 'node-opcua-server'
import { spaceOf, type Variable } from '../opcua-server/server.ts'
import type { BankController, Verb } from '../shelving/controller.ts'

export const uri = 'urn:lantai:shelving'
const prefix = 'Bank1'

export interface BankOut {
  /** Hands a verb to the controller; its answer as in the register map. */
  command(verb: Verb, aisle: number): number
  uptimeS(): number
}

type DataTypeName = 'Boolean' | 'UInt16' | 'UInt32' | 'Double'

const flags: readonly (readonly [string, DataTypeName])[] = [
  ...(
    'Moving Ventilating EStop Obstacle Occupied Forbid Manual Night Fault MainsGood'.split(
      ' ',
    ) as string[]
  ).map((name) => [name, 'Boolean'] as const),
  ['OpenAisle', 'UInt16'],
  ['FaultCode', 'UInt16'],
  ['ColumnCount', 'UInt16'],
  ['Uptime', 'UInt32'],
  ['Cycle', 'UInt32'],
]

export class BankNodes {
  readonly #namespace
  readonly #object
  readonly #bank: BankController
  readonly #variables = new Map<string, { variable: Variable; type: DataTypeName }>()
  readonly #uptimeS: () => number
  #cycle = 0

  constructor(server: OPCUAServer, bank: BankController, out: BankOut) {
    const space = spaceOf(server)
    this.#namespace = space.registerNamespace(uri)
    this.#bank = bank
    this.#uptimeS = out.uptimeS
    this.#object = this.#namespace.addObject({
      browseName: prefix,
      nodeId: `s=${prefix}`,
      organizedBy: space.rootFolder.objects,
    })
    for (const [name, type] of flags) this.#add(name, type)
    for (const [i] of bank.rail.columns.entries()) {
      this.#add(`Column${i + 1}.Position`, 'Double')
      this.#add(`Column${i + 1}.Locked`, 'Boolean')
    }
    for (const verb of ['open', 'close', 'ventilate', 'stop'] as const) this.#method(verb, out)
    this.#switch(out)
    this.show()
  }

  /** Puts what the steel and the switches say into the variables. */
  show(): void {
    const s = this.#bank.status()
    this.#cycle = (this.#cycle + 1) >>> 0
    const set = (name: string, value: number | boolean) => this.#set(name, value)
    set('Moving', s.moving)
    set('OpenAisle', s.openAisle ?? 0)
    set('Ventilating', s.ventilating)
    set('EStop', s.eStop)
    set('Obstacle', s.obstacle)
    set('Occupied', s.occupied)
    set('Forbid', s.forbid)
    set('ForbidRequest', s.forbid)
    set('Manual', s.manual)
    set('Night', s.night)
    set('Fault', s.faultCode !== 0)
    set('FaultCode', s.faultCode)
    set('MainsGood', s.mains)
    set('ColumnCount', this.#bank.rail.columns.length)
    set('Uptime', Math.floor(this.#uptimeS()))
    set('Cycle', this.#cycle)
    for (const [i, x] of s.x.entries()) {
      set(`Column${i + 1}.Position`, x)
      set(`Column${i + 1}.Locked`, s.locked)
    }
  }

  #add(name: string, dataType: DataTypeName, accessLevel = 'CurrentRead'): void {
    const variable = this.#namespace.addVariable({
      componentOf: this.#object,
      browseName: name,
      nodeId: `s=${prefix}.${name}`,
      dataType,
      accessLevel,
    })
    this.#variables.set(name, { variable, type: dataType })
  }

  #set(name: string, value: number | boolean): void {
    const found = this.#variables.get(name)
    if (!found) throw new Error(`no variable ${name}`)
    const variant = { dataType: found.type, value } as Parameters<Variable['setValueFromSource']>[0]
    found.variable.setValueFromSource(variant)
  }

  #method(verb: Verb, out: BankOut): void {
    const name = verb.charAt(0).toUpperCase() + verb.slice(1)
    const argument = (of: string) => ({ name: of, dataType: 'UInt16' })
    this.#namespace
      .addMethod(this.#object, {
        browseName: name,
        nodeId: `s=${prefix}.${name}`,
        inputArguments: verb === 'open' ? [argument('Aisle')] : [],
        outputArguments: [argument('Answer')],
      })
      // It must take three arguments: with two the stack never answers.
      .bindMethod((input, _context, callback) => {
        const answer = out.command(verb, Number(input[0]?.value ?? 0))
        callback(null, { outputArguments: [{ dataType: 'UInt16', value: answer }] })
      })
  }

  /** Written, not called: some controllers have no methods. It shows the switch as it is. */
  #switch(out: BankOut): void {
    this.#add('ForbidRequest', 'Boolean', 'CurrentRead | CurrentWrite')
    this.#variables.get('ForbidRequest')?.variable.on('value_changed', ({ value }) => {
      const wanted = value.value === true
      if (wanted === this.#bank.status().forbid) return
      out.command(wanted ? 'forbid' : 'clearForbid', 0)
    })
  }
}
