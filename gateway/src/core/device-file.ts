import {
  Closed,
  type Device,
  type DeviceFile,
  type DeviceOf,
  LlrpReader,
  ModbusAir,
  ModbusContacts,
  ModbusShelving,
  OneOf,
} from '@lantai/contracts'
import { Type } from 'typebox'
import { Errors } from 'typebox/value'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'

export type DeviceFileResult = { ok: true; file: DeviceFile } | { ok: false; wrong: string[] }

/**
 * Reads the device list: YAML core schema, then the contract, then what no schema can say. A bad file is
 * rejected whole, with every error and its line where there is one (G6, D12).
 */
export function loadDevices(text: string): DeviceFileResult {
  const lines = new LineCounter()
  const doc = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
  })
  const at = (offset: number) => `line ${lines.linePos(offset).line}`
  if (doc.errors.length > 0)
    return { ok: false, wrong: doc.errors.map((e) => `${at(e.pos[0])}: ${e.message}`) }
  const where = (path: (string | number)[]) => whereIs(doc, path, at)
  const value: unknown = doc.toJS({ maxAliasCount: 20 })
  const wrong = schemaErrors(value, where)
  if (wrong.length > 0) return { ok: false, wrong }
  const file = value as DeviceFile
  const clashes = contradictions(file, where)
  return clashes.length > 0 ? { ok: false, wrong: clashes } : { ok: true, file }
}

type Where = (path: (string | number)[]) => string

function whereIs(doc: Document, path: (string | number)[], at: (offset: number) => string): string {
  for (let n = path.length; n >= 0; n--) {
    const node = n === 0 ? doc.contents : doc.getIn(path.slice(0, n), true)
    if (isNode(node) && node.range) return `${at(node.range[0])}: ${path.join('.') || 'file'}`
  }
  return path.join('.') || 'file'
}

const schemas = {
  llrp: LlrpReader,
  'modbus-air': ModbusAir,
  'modbus-contacts': ModbusContacts,
  'modbus-shelving': ModbusShelving,
} satisfies Record<Device['driver'], unknown>

const Envelope = Closed({
  version: Type.Literal(1),
  devices: Type.Array(Type.Object({ driver: OneOf(Object.keys(schemas) as Device['driver'][]) }), {
    maxItems: 200,
  }),
})

/** Each device against the schema of the driver that it names: a union would answer with the errors of all. */
function schemaErrors(value: unknown, where: Where): string[] {
  const wrong = Errors(Envelope, value).flatMap((e) => explain(e, [], where))
  const list = (value as { devices?: unknown } | null)?.devices
  if (!Array.isArray(list)) return wrong
  list.forEach((entry: { driver?: unknown; line?: { transport?: unknown } } | null, i) => {
    const schema = schemas[entry?.driver as Device['driver']]
    if (!schema) return
    const member = entry?.line?.transport === 'rtu' ? '/line/anyOf/1' : '/line/anyOf/0'
    for (const e of Errors(schema, entry)) {
      const ofOther = e.schemaPath.includes('/line/anyOf/') && !e.schemaPath.includes(member)
      if (e.keyword !== 'anyOf' && !ofOther) wrong.push(...explain(e, ['devices', i], where))
    }
  })
  return wrong
}

interface Wrong {
  instancePath: string
  message: string
  params: object
}

function explain(e: Wrong, above: (string | number)[], where: Where): string[] {
  const steps = e.instancePath.split('/').slice(1)
  const path = [...above, ...steps.map((p) => (/^\d+$/.test(p) ? Number(p) : p))]
  const missing = (e.params as { requiredProperties?: string[] }).requiredProperties
  if (missing) return [`${where(path)} ${missing.join(', ')} is missing`]
  const unknown = e.message === 'schema is false'
  return [`${where(path)} ${unknown ? 'is not known here' : e.message}`]
}

/** Address and unit of a controller on its line. */
function controllerOf({ line, unit }: DeviceOf<'modbus-shelving'>): string {
  const at = line.transport === 'tcp' ? `${line.host.toLowerCase()}:${line.port}` : line.path
  return `${at} unit ${unit}`
}

function contradictions(file: DeviceFile, where: Where): string[] {
  const wrong: string[] = []
  const ids = new Map<string, string>()
  const banks = new Map<string, string>()
  const controllers = new Map<string, string>()
  const columns = new Map<string, string>()
  const paths = new Map<string, { device: string; settings: string }>()
  const once = (
    seen: Map<string, string>,
    key: string,
    owner: string,
    path: (string | number)[],
  ) => {
    const first = seen.get(key)
    if (first) wrong.push(`${where(path)} "${key}" is used by ${first} already`)
    else seen.set(key, owner)
  }
  file.devices.forEach((d, i) => {
    once(ids, d.id, `device ${d.id}`, ['devices', i, 'id'])
    if (d.driver === 'modbus-air')
      d.units.forEach(
        (u, j) => void once(ids, u.id, `sensor of ${d.id}`, ['devices', i, 'units', j]),
      )
    if (d.driver === 'modbus-contacts')
      d.inputs.forEach(
        (u, j) => void once(ids, u.id, `input of ${d.id}`, ['devices', i, 'inputs', j]),
      )
    if (d.driver === 'modbus-shelving') {
      // S9: one writer per bay, so neither a bank nor its controller nor a column is served twice.
      once(banks, d.bank, d.id, ['devices', i, 'bank'])
      once(controllers, controllerOf(d), d.id, ['devices', i, 'line'])
      if (new Set(d.columns).size < d.columns.length)
        wrong.push(`${where(['devices', i, 'columns'])} names a column twice`)
      for (const c of new Set(d.columns))
        once(columns, `${d.room} column ${c}`, d.id, ['devices', i, 'columns'])
    }
    if ('line' in d && d.line.transport === 'rtu') {
      const { path, ...rest } = d.line
      const settings = JSON.stringify(rest)
      const first = paths.get(path)
      if (first && first.settings !== settings)
        wrong.push(`${where(['devices', i, 'line'])} ${path} has other settings in ${first.device}`)
      paths.set(path, first ?? { device: d.id, settings })
    }
  })
  return wrong
}
