/** Fuzzes one parser in a thread of its own, so that what hangs or dies takes nobody with it. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort, workerData } from 'node:worker_threads'
import { allParsers, type Parser } from '@lantai/gateway'
import { Seeded } from '../seeded.ts'
import { corpusOf } from './corpus.ts'
import type { Finding, FuzzJob, FuzzWord } from './fuzz.ts'
import { mutate, splitUp } from './mutate.ts'

const slowMs = 100
const mostGrowth = 50 * 1024 * 1024
const lookAtMemoryEvery = 20_000
const warmUp = 2000
const compareEvery = 8

const job = workerData as FuzzJob
const progress = new Int32Array(job.progress)
const say = (word: FuzzWord) => parentPort?.postMessage(word)

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
function used(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** The input of one case, from the seed and its number alone. */
function input(parser: Parser, corpus: readonly Uint8Array[], n: number) {
  const rng = new Seeded(`${job.seed}/${parser.name}/${n}`)
  const bytes = mutate(rng, corpus)
  return { bytes, pieces: splitUp(rng, bytes) }
}

/** Milliseconds of the processor: on a busy machine the clock on the wall says nothing about a parser. */
function time(parser: Parser, pieces: readonly Uint8Array[]): number {
  const began = process.threadCpuUsage()
  parser.parse(pieces)
  const { user, system } = process.threadCpuUsage(began)
  return (user + system) / 1000
}

function tryOne(
  parser: Parser,
  n: number,
  bytes: Uint8Array,
  pieces: Uint8Array[],
): Finding | null {
  const about = {
    parser: parser.name,
    seed: job.seed,
    case: n,
    hex: Buffer.from(bytes).toString('hex'),
  }
  try {
    if (time(parser, pieces) > slowMs) {
      // The collector may have taken the time; what is slow is slow again.
      const again = Math.min(...[1, 2, 3].map(() => time(parser, pieces)))
      if (again > slowMs) return { ...about, kind: 'hang', why: `${Math.round(again)} ms` }
    }
    if (parser.whole || n % compareEvery !== 0) return null
    const [whole, split] = [parser.parse([bytes]), parser.parse(pieces)].map(told)
    return whole === split ? null : { ...about, kind: 'split', why: 'pieces give something else' }
  } catch (error) {
    // Without the stack: it names folders of the machine where it was found.
    const why = String(error)
    return { ...about, kind: 'crash', why: why.slice(0, 600) }
  }
}

const told = (value: unknown) =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v))

function fuzz(parser: Parser) {
  const corpus = corpusOf(parser)
  const began = performance.now()
  let base = 0
  for (let n = 0; n < job.cases; n++) {
    Atomics.store(progress, 0, n)
    const { bytes, pieces } = input(parser, corpus, n)
    const finding = tryOne(parser, n, bytes, pieces)
    if (finding) say({ finding })
    if (n === warmUp) base = used()
    if (n > warmUp && n % lookAtMemoryEvery === 0 && used() - base > mostGrowth) {
      const why = `${Math.round((used() - base) / 1_048_576)} MB more than after ${warmUp} cases`
      const hex = Buffer.from(bytes).toString('hex')
      say({ finding: { parser: parser.name, seed: job.seed, case: n, hex, kind: 'memory', why } })
      break
    }
  }
  say({ done: { seconds: (performance.now() - began) / 1000, corpus: corpus.length } })
}

const parser = (await allParsers()).find((p) => p.name === job.parser)
if (!parser) throw new Error(`no parser ${job.parser}`)
if (job.hex === undefined) fuzz(parser)
else {
  const bytes = Buffer.from(job.hex, 'hex')
  const finding = tryOne(parser, 0, bytes, splitUp(new Seeded(job.seed), bytes))
  if (finding) say({ finding })
  say({ done: { seconds: 0, corpus: 0 } })
}
