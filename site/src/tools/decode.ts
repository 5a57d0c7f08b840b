/**
 * `npm run decode -- PROTOCOL FILE|-`: the frames of a captured byte stream as JSON lines, of any length in bounded
 * memory. What cannot be read is a line with offset, length and reason, and decoding goes on. Ends with 0 all the same;
 * 64 for a wrong call, 66 for a file that cannot be read.
 */
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { type Decoded, decoders, type StreamDecoder } from '@lantai/gateway'
import { HexText } from './hex-text.ts'
import { jsonSafe } from './json-safe.ts'

const usage = 64
const noInput = 66
/** The text of what was read at once is some ten times as long. */
const readBytes = 16 * 1024
const names = () => Object.keys(decoders).sort()
const call = () => `npm run decode -- PROTOCOL FILE|- [--hex]; PROTOCOL: ${names().join(', ')}`

function refuse(code: number, text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(code)
}

function readCommand() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        hex: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    return refuse(usage, error instanceof Error ? error.message : String(error))
  }
}

async function print(found: readonly Decoded[]) {
  if (found.length === 0) return
  const text = found.map((d) => `${JSON.stringify(jsonSafe(d))}\n`).join('')
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** What was read last is still decoded when reading fails. */
async function decode(input: AsyncIterable<Buffer>, decoder: StreamDecoder, hex: HexText | null) {
  for await (const chunk of input)
    await print(decoder.push(hex ? hex.push(chunk.toString('latin1')) : chunk))
  await print(decoder.end())
  if (hex?.end()) process.stderr.write('半个字节 · half a byte is left over at the end\n')
  if (hex && hex.strange > 0)
    process.stderr.write(`${hex.strange} 个字符不是十六进制 · characters are not hexadecimal\n`)
}

async function main() {
  const { values, positionals } = readCommand()
  if (values.list) {
    process.stdout.write(`${names().join('\n')}\n`)
    return
  }
  if (values.help) {
    process.stdout.write(`${call()}\n`)
    return
  }
  const [protocol = '', file, ...more] = positionals
  const load = Object.hasOwn(decoders, protocol) ? decoders[protocol] : undefined
  if (!load || !file || more.length > 0) refuse(usage, call())
  const input: AsyncIterable<Buffer> =
    file === '-' ? process.stdin : createReadStream(file, { highWaterMark: readBytes })
  const create = await load()
  try {
    await decode(input, create(), values.hex ? new HexText() : null)
  } catch (error) {
    // ENOENT, EACCES, EISDIR and the like; anything else is a fault of ours and shows as one.
    if (!(error instanceof Error) || !('syscall' in error)) throw error
    refuse(noInput, error.message)
  }
}

// `decode … | head` closes the pipe: that is an end and no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
await main()
