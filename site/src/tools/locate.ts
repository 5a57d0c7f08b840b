/**
 * `npm run locate -- --reads READS.jsonl --scene SCENE.json [--coverage FILE]`: where every tag of a walk stands, one
 * JSON object a tag (contracts `Located`), by shelf, then rank, silent ones last. Reads are streamed; a line that cannot
 * be used is told with its number on standard error and left out. Ends with 64 for a wrong call, 65 for a scene that
 * cannot be walked, 66 for a file that cannot be read, 73 for a coverage map that cannot be written.
 */
import { once } from 'node:events'
import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { shapeChecker, WalkRead, type WalkScene } from '@lantai/contracts'
import { checkScene, locate, ReadBook, SceneError } from '@lantai/gateway'

const usage = 64
const badData = 65
const noInput = 66
const cannotCreate = 73
const call = 'npm run locate -- --reads READS.jsonl|- --scene SCENE.json [--coverage FILE]'

function refuse(code: number, text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(code)
}

function readCommand() {
  try {
    const { values } = parseArgs({
      options: {
        reads: { type: 'string' },
        scene: { type: 'string' },
        coverage: { type: 'string' },
      },
    })
    return values
  } catch (error) {
    return refuse(usage, `${error instanceof Error ? error.message : String(error)}\n${call}`)
  }
}

/** A fault of the outside world, as ENOENT or EISDIR, ends the program; anything else is ours and shows as one. */
function outside<T>(code: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error
    return refuse(code, error.message)
  }
}

/** Editors on Windows begin a file with a byte order mark. */
const withoutMark = (text: string) => (text.startsWith('\uFEFF') ? text.slice(1) : text)

function readScene(file: string): WalkScene {
  const text = outside(noInput, () => readFileSync(file, 'utf8'))
  try {
    return checkScene(JSON.parse(withoutMark(text)))
  } catch (error) {
    if (error instanceof SceneError)
      return refuse(badData, [error.code, ...error.lines.map((l) => `  ${l}`)].join('\n'))
    if (error instanceof SyntaxError) return refuse(badData, `scene-json\n  ${error.message}`)
    throw error
  }
}

const shapeOf = shapeChecker(WalkRead)

/** Takes reads in line by line, and keeps count of what became of them. */
class Taking {
  readonly book = new ReadBook()
  readonly #antennas: ReadonlySet<number>
  readonly #walked: readonly [number, number]
  #line = 0
  #leftOut = 0
  #used = 0
  #offTheWalk = 0

  constructor({ antennas, poses }: WalkScene) {
    this.#antennas = new Set(antennas.map((a) => a.antenna))
    this.#walked = [poses[0]?.at ?? 0, poses.at(-1)?.at ?? 0]
  }

  take(text: string) {
    const line = this.#line++ === 0 ? withoutMark(text) : text
    if (line.trim() === '') return
    const wrong = this.#add(line)
    if (wrong === null) return
    this.#leftOut++
    process.stderr.write(`${this.#line}: ${wrong}\n`)
  }

  /** Why a line cannot be used; null when its read was added. */
  #add(line: string): string | null {
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      return 'read-json: is no JSON'
    }
    const wrong = shapeOf(value)
    if (wrong.length > 0) return `read-shape: ${wrong.join('; ')}`
    const read = value as WalkRead
    if (!this.#antennas.has(read.antenna))
      return `read-antenna: /antenna ${read.antenna} is not in the scene`
    const [from, to] = this.#walked
    if (read.at < from || read.at > to) this.#offTheWalk++
    this.#used++
    this.book.add(read)
    return null
  }

  /** What a person should know before they trust the answer. */
  sum() {
    const [leftOut, used, off] = [this.#leftOut, this.#used, this.#offTheWalk]
    if (leftOut > 0 && used === 0)
      refuse(badData, `reads-none: none of ${leftOut} lines could be used`)
    if (leftOut > 0) process.stderr.write(`reads-left-out: ${leftOut} of ${leftOut + used} lines\n`)
    // Clocks differ a little at both ends; more than half is another clock.
    if (2 * off > used)
      process.stderr.write(
        `reads-off-the-walk: ${off} of ${used} are from before the first pose or after the last; are both from one clock?\n`,
      )
  }
}

async function readBook(file: string, scene: WalkScene): Promise<ReadBook> {
  const taking = new Taking(scene)
  const input = file === '-' ? process.stdin : createReadStream(file)
  const failed = once(input, 'error').then(([error]) => {
    throw error
  })
  const lines = async () => {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }))
      taking.take(line)
  }
  try {
    await Promise.race([lines(), failed])
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error
    refuse(noInput, error.message)
  }
  taking.sum()
  return taking.book
}

async function print(results: readonly unknown[]) {
  const piece = 1000
  for (let i = 0; i < results.length; i += piece) {
    const text = results.slice(i, i + piece).map((r) => `${JSON.stringify(r)}\n`)
    if (!process.stdout.write(text.join(''))) await once(process.stdout, 'drain')
  }
}

async function main() {
  const { reads, scene: sceneFile, coverage: coverageFile } = readCommand()
  if (!reads || !sceneFile) return refuse(usage, call)
  const scene = readScene(sceneFile)
  const { located, coverage } = locate(await readBook(reads, scene), scene)
  if (coverageFile)
    outside(cannotCreate, () => writeFileSync(coverageFile, `${JSON.stringify(coverage)}\n`))
  await print(located)
}

// `locate … | head` closes the pipe: that is an end and no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
await main()
