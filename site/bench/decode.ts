/** How fast each decoder of `npm run decode` reads on one core, against what the wire of its devices carries at most. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CreateDecoder, decoders } from '@lantai/gateway'
import { repositoryRoot } from '../src/supervise/node-process.ts'
import { type Figure, median, round3 } from './figure.ts'

interface Wire {
  /** File of contracts/vectors, and the list in it whose strings are whole frames. */
  vectors: string
  list: string
  /** Only these of the list. */
  family?: string
  says: string
  bytesPerSecond: number
  /** Reads a second of one reader at most (devices 3.2). */
  readsPerSecond?: number
}

const ethernet = { says: '100 Mbit/s', bytesPerSecond: 12_500_000 }
/** Start and stop bit: ten bits a byte. */
const serial = (baud: number) => ({ says: `${baud} baud`, bytesPerSecond: baud / 10 })
const uhf = (family: string) => ({
  ...{ vectors: 'serial-uhf', list: 'frames', family },
  ...serial(115_200),
})

const wires: Readonly<Record<string, Wire>> = {
  llrp: { vectors: 'llrp', list: 'messages', ...ethernet, readsPerSecond: 1100 },
  'modbus-rtu': { vectors: 'modbus', list: 'exchanges', ...serial(9600) },
  m100: uhf('m100'),
  chafon: uhf('chafon'),
  cf600: uhf('cf600'),
  thingmagic: uhf('thingmagic'),
  invelion: uhf('invelion'),
  'impinj-json': { vectors: 'mqtt-json', list: 'impinj', ...ethernet, readsPerSecond: 1100 },
  'zebra-json': { vectors: 'mqtt-json', list: 'zebra', ...ethernet, readsPerSecond: 1100 },
  espa: { vectors: 'espa', list: 'lines', ...serial(9600) },
  ims: { vectors: 'ims', list: 'frames', ...ethernet },
  mjj: { vectors: 'mjj', list: 'frames', ...ethernet },
  stow: { vectors: 'stow', list: 'replies', ...ethernet },
}

/** What one read from a socket brings at most on Ethernet. */
const chunkBytes = 1460

/** A golden frame as hex or as text, or an exchange on RTU. */
interface Vector {
  family?: string
  hex?: string
  text?: string
  rtu?: { request?: string; reply?: string }
}

function framesOf({ hex, text, rtu }: Vector): Buffer[] {
  if (rtu) return [Buffer.from(`${rtu.request ?? ''}${rtu.reply ?? ''}`, 'hex')]
  if (hex !== undefined) return [Buffer.from(hex, 'hex')]
  return text === undefined ? [] : [Buffer.from(text)]
}

/** Golden frames that the decoder reads without an error, one behind the other, again and again. */
function corpusOf(create: CreateDecoder, wire: Wire, bytes: number) {
  const file = join(repositoryRoot, 'contracts', 'vectors', `${wire.vectors}.json`)
  const lists = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Vector[]>
  const list = (lists[wire.list] ?? []).filter((v) => !wire.family || v.family === wire.family)
  const told = (frame: Buffer) => {
    const decoder = create()
    return [...decoder.push(frame), ...decoder.end()]
  }
  const good = list.flatMap(framesOf).filter((f) => {
    const found = told(f)
    return found.length > 0 && found.every((d) => 'message' in d)
  })
  const once = Buffer.concat(good)
  if (once.length === 0) throw new Error(`no golden frame in ${wire.vectors}/${wire.list}`)
  return Buffer.concat(Array<Buffer>(Math.ceil(bytes / once.length)).fill(once))
}

/** Frames, and what could not be read, of one run through the corpus; and the seconds of a core that it took. */
function run(create: CreateDecoder, corpus: Buffer) {
  const decoder = create()
  let frames = 0
  let errors = 0
  const count = (found: readonly object[]) => {
    for (const d of found) 'message' in d ? frames++ : errors++
  }
  const before = process.cpuUsage()
  for (let at = 0; at < corpus.length; at += chunkBytes)
    count(decoder.push(corpus.subarray(at, at + chunkBytes)))
  count(decoder.end())
  const { user, system } = process.cpuUsage(before)
  return { frames, errors, coreSeconds: (user + system) / 1e6 }
}

async function figureOf(
  name: string,
  load: () => Promise<CreateDecoder>,
  bytes: number,
  rounds: number,
) {
  const wire = wires[name]
  if (!wire) throw new Error(`the benchmark does not know what the wire of ${name} carries`)
  const create = await load()
  const corpus = corpusOf(create, wire, bytes)
  run(create, corpus)
  const runs = Array.from({ length: rounds }, () => run(create, corpus))
  const wrong = runs.find((r) => r.errors > 0)
  if (wrong) throw new Error(`${name}: ${wrong.errors} golden frames were not read in a stream`)
  const ratios = runs.map((r) => corpus.length / r.coreSeconds / wire.bytesPerSecond)
  const frames = median(runs.map((r) => r.frames / r.coreSeconds))
  const ratio = median(ratios)
  const figure: Figure = {
    name: `decode-${name}`,
    meaning: 'bytes decoded per second of one core / bytes per second that the wire carries',
    ratio: round3(ratio),
    min: round3(Math.min(...ratios)),
    max: round3(Math.max(...ratios)),
    rounds,
    aim: '>= 1',
    met: ratio >= 1,
    valid: true,
    detail: {
      megabytesPerSecond: round3((ratio * wire.bytesPerSecond) / 1e6),
      framesPerSecond: Math.round(frames),
      wire: wire.says,
      ...(wire.readsPerSecond
        ? { readersOfOneCore: Math.floor(frames / wire.readsPerSecond), at: '1,100 frames/s each' }
        : {}),
      corpusMegabytes: round3(corpus.length / 1e6),
    },
  }
  return figure
}

/** One figure a protocol. Time is that of the core, so that other processes do not count. */
export async function decodeRate(bytes: number, rounds: number): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [name, load] of Object.entries(decoders))
    figures.push(await figureOf(name, load, bytes, rounds))
  return figures
}
