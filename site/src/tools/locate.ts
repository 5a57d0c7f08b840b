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

function readScene(file: string): WalkScene {
  const text = outside(noInput, () => readFileSync(file, 'utf8'))
  try {
    return checkScene(JSON.parse(text))
  } catch (error) {
    if (error instanceof SceneError)
      return refuse(badData, [error.code, ...error.lines.map((l) => `  ${l}`)].join('\n'))
    if (error instanceof SyntaxError) return refuse(badData, `scene-json\n  ${error.message}`)
    throw error
  }
}

const shapeOf = shapeChecker(WalkRead)

/** Why a line cannot be used; null when its read was added. */
function take(line: string, book: ReadBook, antennas: ReadonlySet<number>): string | null {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'is no JSON'
  }
  const wrong = shapeOf(value)
  if (wrong.length > 0) return wrong.join('; ')
  const read = value as WalkRead
  if (!antennas.has(read.antenna)) return `/antenna ${read.antenna} is not in the scene`
  book.add(read)
  return null
}

async function readBook(file: string, scene: WalkScene): Promise<ReadBook> {
  const book = new ReadBook()
  const antennas = new Set(scene.antennas.map((a) => a.antenna))
  const input = file === '-' ? process.stdin : createReadStream(file)
  const failed = once(input, 'error').then(([error]) => {
    throw error
  })
  const lines = async () => {
    let number = 0
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++
      if (line.trim() === '') continue
      const wrong = take(line, book, antennas)
      if (wrong !== null) process.stderr.write(`${number}: ${wrong}\n`)
    }
  }
  try {
    await Promise.race([lines(), failed])
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error
    refuse(noInput, error.message)
  }
  return book
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
