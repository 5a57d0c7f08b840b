/** Pieces that device entries of several drivers are made of, and the words of their form fields. */
import { Closed, Name, OneOf, Text } from '@lantai/contracts'
import { type Static, Type } from 'typebox'

/** Words of one form field: JSON Schema's own `title` in English, `title:zh` beside it. */
export const words = (zh: string, en: string) => ({ title: en, 'title:zh': zh })

/** Fields of every entry, for the closed schema of a driver. */
export const common = <const D extends string>(driver: D) => ({
  id: Name,
  label: Text(80),
  driver: Type.Literal(driver),
  simulated: Type.Optional(Type.Boolean()),
  disabled: Type.Optional(Type.Boolean()),
})

export const Host = Type.String({
  maxLength: 253,
  pattern: '^[A-Za-z0-9.:-]+$',
  ...words('地址', 'Host'),
})
export const Port = Type.Integer({ minimum: 1, maximum: 65_535, ...words('端口', 'Port') })

/** A serial port by its path; `/dev/serial/by-id/…` survives another order of plugging. */
export const serialFields = {
  path: Type.String({ maxLength: 200, ...words('串口路径', 'Serial port') }),
  baud: Type.Integer({ minimum: 1200, maximum: 921_600, ...words('波特率', 'Baud rate') }),
  parity: OneOf(['none', 'even', 'odd'], words('校验', 'Parity')),
  stopBits: Type.Unsafe<1 | 2>({ type: 'integer', enum: [1, 2], ...words('停止位', 'Stop bits') }),
}

/** Modbus TCP, or RTU on a serial line that several units share. */
export const ModbusLine = Type.Union([
  Closed({ transport: Type.Literal('tcp'), host: Host, port: Port }),
  Closed({ transport: Type.Literal('rtu'), ...serialFields }),
])
export type ModbusLine = Static<typeof ModbusLine>

/** Modbus unit address; 0 and 248…255 occur on TCP modules and on some detectors. */
export const UnitId = Type.Integer({ minimum: 0, maximum: 255, ...words('从站地址', 'Unit') })

/** Something that only one device of the list may use, such as a bank or a unit on a line (rule S9). */
export interface Claim {
  /** What it is, as said to a person when two entries claim it. */
  key: string
  /** Field of the entry that claims it. */
  at: string
  /** Several may share it when these are equal, as the units on one serial line. */
  settings?: string
}

/** The claim on a serial line: shared only with the same settings. */
export function lineClaims(line: ModbusLine): Claim[] {
  if (line.transport === 'tcp') return []
  const { path, ...rest } = line
  return [{ key: path, at: 'line', settings: JSON.stringify(rest) }]
}

/**
 * One spelling of a host, so that `127.1`, `localhost` and `::ffff:127.0.0.1` do not pass for three devices. Names that
 * only a name server knows to be the same stay different: nothing is resolved here.
 */
export function hostName(host: string): string {
  const text = host.includes(':') ? `[${host}]` : host
  const name = URL.canParse(`http://${text}`) ? new URL(`http://${text}`).hostname : text
  const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(name) ?? []
  const bytes = [high, low].map((h) => Number.parseInt(h ?? '', 16))
  const plain = high ? bytes.flatMap((b) => [b >> 8, b & 255]).join('.') : name
  // A connection to `any` goes to this machine.
  const here = ['localhost', '0.0.0.0', '[::]', '[::1]'].includes(plain.replace(/\.$/, ''))
  return here ? '127.0.0.1' : plain.replace(/\.$/, '').toLowerCase()
}

/** Address of a line as a word. */
export const lineName = (line: ModbusLine): string =>
  line.transport === 'tcp' ? `${hostName(line.host)}:${line.port}` : line.path
