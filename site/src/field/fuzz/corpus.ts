import { readdirSync, readFileSync } from 'node:fs'
import { standalones } from '@lantai/firmware-sim'
import type { Parser } from '@lantai/gateway'
import { repositoryRoot } from '../../supervise/node-process.ts'

const vectors = (name: string) => `${repositoryRoot}contracts/vectors/${name}.json`
const profiles = `${repositoryRoot}gateway/src/drivers/modbus/profiles/`
const nowhere = { host: '127.0.0.1', port: 1, path: '/dev/null' }
const exampleLine = Buffer.from('?07\n07 T=+21.4 H=45.2 *14\n08 T=ERR H=45.2 *6C\n')

/** Every string in a vector file that is bytes in hexadecimal or may be text of a frame. */
function stringsIn(value: unknown): Uint8Array[] {
  if (typeof value === 'string') {
    const hex = /^(?:[0-9A-Fa-f]{2})+$/.test(value)
    return [hex ? Buffer.from(value, 'hex') : Buffer.from(value)]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}

/** Good inputs of a parser, from which bad ones are made. */
export function corpusOf(parser: Parser): Uint8Array[] {
  if (parser.name === 'example-driver') return [exampleLine]
  if (parser.vectors.length === 0) return texts()
  return parser.vectors.flatMap((name) =>
    stringsIn(JSON.parse(readFileSync(vectors(name), 'utf8'))),
  )
}

function texts(): Uint8Array[] {
  const entries = standalones.map((s) => s.entry(nowhere))
  const lists = entries.map((e) =>
    Buffer.from(JSON.stringify({ version: 1, devices: [e] }, null, 1)),
  )
  const yaml = readdirSync(profiles).map((f) => readFileSync(profiles + f))
  return [...lists, ...yaml]
}
