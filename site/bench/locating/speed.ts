/**
 * How long the locator takes, on walks drawn as for its judgement: a face, a whole store after its last read, reads a
 * second of one core, and the memory of the command with a million reads.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WalkRanges } from '@lantai/firmware-sim'
import { type DriverEvent, type TagRead, WalkRecorder } from '@lantai/gateway'
import { repositoryRoot } from '../../src/supervise/node-process.ts'
import { systemClock } from '../../src/system-clock.ts'
import { tempDir } from '../../src/testing.ts'
import { type Figure, median, round3 } from '../figure.ts'
import { type LocatingCase, sameEpc } from './case.ts'
import type { Locate } from './methods/ours.ts'
import { drawCase } from './scenes.ts'

/** Boxes of the store that the design speaks of (locating 2). */
const storeBoxes = 9231
/** Reads a second of one reader at most (devices 3.2). */
const readerRate = 1100

const boxesOf = ({ reads }: LocatingCase) => new Set(reads.map((r) => sameEpc(r.epc))).size

/** Seconds of one core, so that other processes do not count. */
function coreSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

interface Limit {
  name: string
  meaning: string
  /** What the values are divided by. */
  aim: number
  least: boolean
}

function figureOf(
  { name, meaning, aim, least }: Limit,
  values: readonly number[],
  detail: Figure['detail'],
): Figure {
  const ratios = values.map((v) => v / aim)
  const ratio = median(ratios)
  return {
    name: `locating-${name}`,
    meaning,
    ...{ ratio: round3(ratio), min: round3(Math.min(...ratios)), max: round3(Math.max(...ratios)) },
    ...{ rounds: values.length, aim: least ? '>= 1' : '<= 1' },
    met: least ? ratio >= 1 : ratio <= 1,
    valid: true,
    detail,
  }
}

function faceFigure(
  locate: Locate,
  faces: readonly LocatingCase[],
  { name, meaning }: Pick<Limit, 'name' | 'meaning'>,
): Figure {
  const times = faces.map((f) => coreSeconds(() => locate(f.reads, f.scene)))
  const detail = {
    medianMs: round3(1000 * median(times)),
    worstMs: round3(1000 * Math.max(...times)),
    medianBoxes: median(faces.map(boxesOf)),
    medianReads: median(faces.map((f) => f.reads.length)),
  }
  return figureOf({ name, meaning, aim: 0.1, least: false }, times, detail)
}

/** Faces that make a store, from the first again when the drawn ones are too few. */
function storeOf(faces: readonly LocatingCase[]): LocatingCase[] {
  const walked: LocatingCase[] = []
  for (let boxes = 0, i = 0; boxes < storeBoxes; i++) {
    const face = faces[i % faces.length] as LocatingCase
    walked.push(face)
    boxes += boxesOf(face)
  }
  return walked
}

const secondsOf = ({ scene: { poses } }: LocatingCase): number =>
  ((poses.at(-1)?.at ?? 0) - (poses[0]?.at ?? 0)) / 1e6

/**
 * When the last answer is there after the last read, if every face is solved on one core as soon as its walk ends, as
 * a gateway does it; the cart goes from face to face without a rest.
 */
function behind(walked: readonly LocatingCase[], solving: readonly number[]): number {
  let [now, done] = [0, 0]
  for (const [i, face] of walked.entries()) {
    now += secondsOf(face)
    done = Math.max(done, now) + (solving[i] as number)
  }
  return done - now
}

function storeFigures(locate: Locate, faces: readonly LocatingCase[], rounds: number): Figure[] {
  const walked = storeOf(faces)
  const runs = Array.from({ length: rounds }, () =>
    walked.map(({ reads, scene }) => coreSeconds(() => locate(reads, scene))),
  )
  const all = runs.map((times) => times.reduce((sum, t) => sum + t, 0))
  const reads = walked.reduce((sum, f) => sum + f.reads.length, 0)
  const minutes = Math.round(walked.reduce((sum, f) => sum + secondsOf(f), 0) / 60)
  const after = runs.map((times) => behind(walked, times))
  const limit = { aim: 2, least: false }
  return [
    figureOf(
      {
        ...{ name: 'store', ...limit },
        meaning:
          '9,231 boxes, every face solved when its walk ends: seconds from the last read to the last answer / 2 s',
      },
      after,
      { seconds: round3(median(after)), faces: walked.length, walkedMinutes: minutes },
    ),
    figureOf(
      {
        ...{ name: 'store-at-once', ...limit },
        meaning: 'seconds of a core for 9,231 boxes, all faces solved after the last read / 2 s',
      },
      all,
      { seconds: round3(median(all)), faces: walked.length, reads },
    ),
  ]
}

/** Faces as large as those of the design's store: 45 columns have 90 of them, some 103 boxes each. */
const small = (ranges: WalkRanges): WalkRanges => ({
  ...ranges,
  face: { ...ranges.face, sections: [1, 2] },
})

/** Slow walks, so that reads and not boxes are what there is to do. */
const slowly = (ranges: WalkRanges): WalkRanges => ({
  ...ranges,
  motion: { ...ranges.motion, speedMPerS: [0.1, 0.12] },
})

/** What a reader's driver tells in one message: as many reads as come in a hundredth of a second. */
const batch = readerRate / 100

function toldOf({ reads }: LocatingCase): DriverEvent[] {
  const told = reads.map(
    (r): TagRead => ({
      ...{ epc: r.epc, antenna: r.antenna, rssiDbm: r.rssiDbm, count: 1, deviceTimeUs: r.at },
      ...(r.phaseRad === null ? {} : { phaseRad: r.phaseRad }),
      frequencyKhz: 1000 * r.channelMHz,
    }),
  )
  return Array.from({ length: Math.ceil(told.length / batch) }, (_, i) => ({
    ...{ kind: 'tags', device: 'reader' },
    reads: told.slice(i * batch, (i + 1) * batch),
  }))
}

/** Reads that come in while carts walk, as a gateway takes them from the drivers of their readers. */
function liveFigure(faces: readonly LocatingCase[], rounds: number): Figure {
  const walks = faces.map(toldOf)
  const reads = faces.reduce((sum, f) => sum + f.reads.length, 0)
  const settings = { reader: 'reader', odometer: 'odometer', startXMm: 0 }
  const times = Array.from({ length: rounds }, () =>
    coreSeconds(() => {
      for (const walk of walks) {
        const recorder = new WalkRecorder(settings, systemClock)
        for (const event of walk) recorder.take(event, 0)
        if (recorder.finish().reads.size === 0) throw new Error('nothing was taken')
      }
    }),
  )
  const readers = times.map((t) => reads / t / readerRate)
  const meaning = 'readers of 1,100 reads/s whose reads one core takes in while they come / 300'
  const detail = { readers: Math.round(median(readers)), reads }
  return figureOf({ name: 'live-readers', meaning, aim: 300, least: true }, readers, detail)
}

/** Everything that is done for a read, from the first look at it to the answer. */
function readersFigure(locate: Locate, faces: readonly LocatingCase[], rounds: number): Figure {
  const reads = faces.reduce((sum, f) => sum + f.reads.length, 0)
  const times = Array.from({ length: rounds }, () =>
    coreSeconds(() => {
      for (const f of faces) locate(f.reads, f.scene)
    }),
  )
  const readers = times.map((t) => reads / t / readerRate)
  const meaning = 'readers of 1,100 reads/s that one core keeps up with, answers and all / 300'
  const detail = {
    readers: Math.round(median(readers)),
    reads,
    microsPerRead: round3((1e6 * median(times)) / reads),
  }
  return figureOf({ name: 'readers', meaning, aim: 300, least: true }, readers, detail)
}

const millionReads = 1_000_000

/** The reads of one walk again and again, each copy a microsecond later. */
async function writeReads(file: string, { reads }: LocatingCase, count: number): Promise<void> {
  const out = createWriteStream(file)
  for (let n = 0; n < count; n++) {
    const read = reads[n % reads.length] as LocatingCase['reads'][number]
    const line = JSON.stringify({ ...read, at: read.at + Math.floor(n / reads.length) })
    if (!out.write(`${line}\n`)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
}

/** Tells the most memory that its process ever held, in kilobytes, on the fourth channel. */
const teller = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs'
   process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)))`,
)}`

async function peakMegabytes(readsFile: string, sceneFile: string): Promise<number> {
  const entry = join(repositoryRoot, 'site', 'src', 'tools', 'locate.ts')
  const args = ['--conditions=source', '--import', teller, entry]
  const child = spawn(process.execPath, [...args, '--reads', readsFile, '--scene', sceneFile], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  })
  let told = ''
  child.stdio[3]?.on('data', (piece) => {
    told += String(piece)
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`the command ended with ${code}`)
  return Number(told) / 1000
}

async function memoryFigure(face: LocatingCase, count: number): Promise<Figure> {
  using dir = tempDir()
  const [reads, scene] = [join(dir.path, 'reads.jsonl'), join(dir.path, 'scene.json')]
  await writeReads(reads, face, count)
  writeFileSync(scene, JSON.stringify(face.scene))
  const peak = await peakMegabytes(reads, scene)
  const meaning = 'peak memory of npm run locate with a million reads / 500 MB'
  const detail = { megabytes: Math.round(peak), reads: count }
  return figureOf({ name: 'memory', meaning, aim: 500, least: false }, [peak], detail)
}

export async function speedBench(locate: Locate, quick: boolean): Promise<Figure[]> {
  const count = quick ? 2 : 12
  const rounds = quick ? 2 : 5
  const draw = (n: number, change?: (ranges: WalkRanges) => WalkRanges) =>
    Array.from({ length: n }, (_, i) => drawCase('test', i + 1, change))
  const faces = draw(count)
  // Once for the compiler.
  for (const f of faces) locate(f.reads, f.scene)
  const slow = draw(quick ? 1 : 4, slowly)
  return [
    faceFigure(locate, draw(count, small), {
      name: 'face',
      meaning: 'seconds of a core for a face of 9,231 / 90 boxes, from reads to answer / 0.1 s',
    }),
    faceFigure(locate, faces, {
      name: 'large-face',
      meaning: 'seconds of a core for a face of two to four sections, from reads to answer / 0.1 s',
    }),
    ...storeFigures(locate, faces, rounds),
    liveFigure(slow, rounds),
    readersFigure(locate, slow, rounds),
    await memoryFigure(faces[0] as LocatingCase, millionReads),
  ]
}
