import { Worker } from 'node:worker_threads'
import { allParsers } from '@lantai/gateway'
import { Seeded } from '../seeded.ts'
import { corpusOf } from './corpus.ts'
import { mutate } from './mutate.ts'

export interface FuzzJob {
  readonly parser: string
  readonly seed: string
  readonly cases: number
  /** These bytes instead of any made from the seed. */
  readonly hex?: string
  /** One Int32: the number of the case that is being parsed. */
  readonly progress: SharedArrayBuffer
}
export interface Finding {
  readonly parser: string
  readonly seed: string
  readonly case: number
  readonly hex: string
  readonly kind: 'crash' | 'hang' | 'memory' | 'split'
  readonly why: string
}
export type FuzzWord =
  | { readonly finding: Finding }
  | { readonly done: { readonly seconds: number; readonly corpus: number } }

export interface FuzzResult {
  readonly parser: string
  readonly cases: number
  readonly casesPerSecond: number
  readonly findings: readonly Finding[]
}

/** Two looks without a step between them. A thread may take long to load on a busy machine. */
const hungAfterMs = 60_000
const mostFindings = 20
const resourceLimits = { maxOldGenerationSizeMb: 256 }

/** Runs so many cases of one parser. A parser that never returns is ended after a minute or two, and is a finding. */
export async function fuzzParser(o: Omit<FuzzJob, 'progress'>): Promise<FuzzResult> {
  const progress = new SharedArrayBuffer(4)
  const reached = () => Atomics.load(new Int32Array(progress), 0)
  const findings: Finding[] = []
  const execArgv = ['--conditions=source']
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { ...o, progress } satisfies FuzzJob,
    resourceLimits,
    execArgv,
  })
  let seconds = 0
  let hung = false
  const watch = { at: -1 }
  const timer = setInterval(() => {
    if (reached() === watch.at && seconds === 0) {
      hung = true
      void worker.terminate()
    }
    watch.at = reached()
  }, hungAfterMs)
  const failure = await new Promise<string | null>((resolve) => {
    let why: string | null = null
    worker.on('message', (word: FuzzWord) => {
      if ('done' in word) seconds = Math.max(word.done.seconds, 0.001)
      else findings.push(word.finding)
      if (findings.length >= mostFindings) void worker.terminate()
    })
    worker.on('error', (error) => {
      why = error instanceof Error ? error.message : String(error)
    })
    worker.on('exit', () => resolve(why))
  })
  clearInterval(timer)
  if (hung || failure !== null)
    findings.push(await ofCase(o, reached(), hung ? 'hang' : 'crash', failure ?? 'never came back'))
  const cases = findings.length >= mostFindings ? reached() : o.cases
  return { parser: o.parser, cases, casesPerSecond: Math.round(cases / (seconds || 1)), findings }
}

async function ofCase(
  { parser: name, seed }: Omit<FuzzJob, 'progress'>,
  n: number,
  kind: Finding['kind'],
  why: string,
): Promise<Finding> {
  const parser = (await allParsers()).find((p) => p.name === name)
  const bytes = parser ? mutate(new Seeded(`${seed}/${name}/${n}`), corpusOf(parser)) : []
  return { parser: name, seed, case: n, hex: Buffer.from(bytes).toString('hex'), kind, why }
}

export const parserNames = async (): Promise<string[]> => (await allParsers()).map((p) => p.name)
