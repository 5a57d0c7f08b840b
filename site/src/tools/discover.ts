/**
 * `npm run discover -- llrp RANGE`, `modbus-rtu PATH --units 1-32`, `modbus-tcp HOST --units 1-32`: which devices are
 * there? A few harmless questions to each address, few addresses at a time, one JSON line for each that answers. A
 * range is always named, and never larger than a /22. Exit code 64 for a wrong call, 69 when a line cannot be opened.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import {
  addressesOf,
  type ByteLink,
  LlrpLook,
  modbusQuestions,
  type OpenLink,
  rtuAnswer,
  rtuQuestion,
  systemIo,
  tcpAnswer,
  tcpQuestion,
  type UnitFound,
  unitsOf,
} from '@lantai/gateway'

const usage = 64
const unavailable = 69
const atATime = 8
const connectMs = 1500
const llrpMs = 4000
/** A serial reply is over when the line was silent for so long. */
const silenceMs = 30

function refuse(code: number, text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(code)
}
const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`)

function readCommand() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        baud: { type: 'string', default: '9600' },
        parity: { type: 'string', default: 'none' },
        'stop-bits': { type: 'string', default: '1' },
        units: { type: 'string', default: '1-32' },
        timeout: { type: 'string', default: '250' },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    return refuse(usage, error instanceof Error ? error.message : String(error))
  }
}
type Values = ReturnType<typeof readCommand>['values']

function whole(text: string | undefined, otherwise: number, least: number, most: number): number {
  const n = text === undefined ? otherwise : Number(text)
  if (!Number.isInteger(n) || n < least || n > most) refuse(usage, `${text}: ${least}…${most}`)
  return n
}

/** One open link with what came since the last question. */
class Talk {
  readonly opened: Promise<string | null>
  readonly #link: ByteLink
  heard: Uint8Array = new Uint8Array(0)
  closed = false
  onHeard: () => void = () => undefined

  constructor(open: OpenLink) {
    let settle: (why: string | null) => void = () => undefined
    this.opened = new Promise((resolve) => {
      settle = resolve
    })
    this.#link = open({
      opened: () => settle(null),
      data: (chunk) => {
        this.heard = Buffer.concat([this.heard, chunk])
        this.onHeard()
      },
      closed: (why) => {
        this.closed = true
        settle(why)
        this.onHeard()
      },
    })
  }
  write(bytes: Uint8Array) {
    this.#link.write(bytes)
  }
  close() {
    return this.#link.close()
  }
  /** Waits until `done` says so, or for so long. */
  until(done: () => boolean, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.onHeard = () => undefined
        resolve()
      }
      const timer = setTimeout(end, ms)
      this.onHeard = () => void ((this.closed || done()) && end())
      this.onHeard()
    })
  }
}

const orNot = (opened: Promise<string | null>, ms: number) =>
  Promise.race([
    opened,
    new Promise<string>((resolve) => setTimeout(() => resolve('no connection'), ms)),
  ])

async function llrpReader(host: string, port: number) {
  const talk = new Talk(systemIo.tcp(host, port))
  const look = new LlrpLook()
  if ((await orNot(talk.opened, connectMs)) === null) {
    await talk.until(() => {
      const chunk = talk.heard
      talk.heard = new Uint8Array(0)
      for (const question of look.hear(chunk)) talk.write(question)
      return look.found !== null || look.wrong !== null
    }, llrpMs)
    if (look.found) say({ protocol: 'llrp', host, port, ...look.found })
    else if (look.wrong) say({ protocol: 'llrp', host, port, error: `no LLRP: ${look.wrong}` })
  }
  await talk.close()
}

async function llrp(range: string, values: Values) {
  const port = whole(values.port, 5084, 1, 65_535)
  const addresses = addressesOf(range)
  if (typeof addresses === 'string') return refuse(usage, addresses)
  const queue = [...addresses]
  const work = async () => {
    for (let host = queue.shift(); host; host = queue.shift()) await llrpReader(host, port)
  }
  await Promise.all(Array.from({ length: atATime }, work))
}

function wantedUnits(values: Values): number[] {
  const units = unitsOf(values.units)
  return typeof units === 'string' ? refuse(usage, units) : units
}

async function modbusRtu(path: string, values: Values) {
  const { parity } = values
  if (parity !== 'none' && parity !== 'even' && parity !== 'odd')
    return refuse(usage, `--parity ${parity}: none, even or odd`)
  const stopBits = whole(values['stop-bits'], 1, 1, 2) === 2 ? 2 : 1
  const baud = whole(values.baud, 9600, 1200, 921_600)
  const timeout = whole(values.timeout, 250, 20, 10_000)
  const units = wantedUnits(values)
  const talk = new Talk(systemIo.serial({ path, baud, parity, stopBits }))
  const failed = await talk.opened
  if (failed !== null) refuse(unavailable, failed)
  for (const unit of units) {
    const found = await rtuUnit(talk, unit, timeout)
    if (found) say({ protocol: 'modbus-rtu', path, baud, ...found })
  }
  await talk.close()
}

/** One unit of a line: a second question only when the first stays without an answer. */
async function rtuUnit(talk: Talk, unit: number, timeout: number): Promise<UnitFound | null> {
  for (const pdu of modbusQuestions) {
    talk.heard = new Uint8Array(0)
    talk.write(rtuQuestion(unit, pdu))
    await talk.until(() => talk.heard.length > 0, timeout)
    for (let before = -1; before !== talk.heard.length && talk.heard.length > 0; ) {
      before = talk.heard.length
      await talk.until(() => talk.heard.length > before, silenceMs)
    }
    const found = rtuAnswer(unit, pdu[0] ?? 0, talk.heard)
    if (found) return found
  }
  return null
}

async function modbusTcp(host: string, values: Values) {
  const port = whole(values.port, 502, 1, 65_535)
  const timeout = whole(values.timeout, 250, 20, 10_000)
  for (const unit of wantedUnits(values)) {
    const found = await tcpUnit(host, port, unit, timeout)
    if (found) say({ protocol: 'modbus-tcp', host, port, ...found })
  }
}

/** A connection for each question: an answer that comes too late cannot be taken for another's. */
async function tcpUnit(host: string, port: number, unit: number, timeout: number) {
  for (const [n, pdu] of modbusQuestions.entries()) {
    const talk = new Talk(systemIo.tcp(host, port))
    const failed = await orNot(talk.opened, connectMs)
    if (failed !== null) {
      await talk.close()
      refuse(unavailable, `${host}:${port}: ${failed}`)
    }
    talk.write(tcpQuestion(unit, n + 1, pdu))
    const answer = () => tcpAnswer(unit, n + 1, pdu[0] ?? 0, talk.heard)
    await talk.until(() => answer() !== null, timeout)
    await talk.close()
    const found = answer()
    if (found) return found
  }
  return null
}

const protocols: Readonly<Record<string, (where: string, values: Values) => Promise<void>>> = {
  llrp,
  'modbus-rtu': modbusRtu,
  'modbus-tcp': modbusTcp,
}

const { values, positionals } = readCommand()
const [protocol = '', where, ...more] = positionals
const discover = Object.hasOwn(protocols, protocol) ? protocols[protocol] : undefined
const call =
  'npm run discover -- llrp 192.168.1.0/28 [--port 5084] | modbus-rtu /dev/ttyS1 [--baud 9600] --units 1-32 | modbus-tcp HOST [--port 502] --units 1-32'
if (values.help) process.stdout.write(`${call}\n`)
else if (!discover || !where || more.length > 0) refuse(usage, call)
else await discover(where, values)
