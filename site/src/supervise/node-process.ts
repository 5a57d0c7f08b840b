import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Millis, seconds } from '@lantai/contracts'
import { systemCode } from '../refusal.ts'
import type { LogFile } from './log-file.ts'
import { describeEnding, type Ending, type Running, type Unit } from './running.ts'
import { Tail } from './tail.ts'

export const leash = new URL('./leash.mjs', import.meta.url).href
export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url))

export interface NodeProcessOptions {
  readonly name: string
  /** Entry file, from the root of the checkout. */
  readonly entry: string
  /** Asked anew at every start, so that a restart sees what has changed. */
  readonly env: () => Record<string, string>
  /** Options of Node itself, such as limits of memory. */
  readonly nodeOptions?: readonly string[]
  readonly log: LogFile
  /** Told whatever else the process says. */
  readonly heard?: (message: object) => void
  readonly stopWithin?: Millis
}

const withheld = /^(PG|LANTAI_|npm_|NODE_OPTIONS$|NODE_CHANNEL)/

/** The caller's environment without what could change a child's mind: PG*, npm_*, LANTAI_*, NODE_OPTIONS. */
export function baseEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) =>
      value === undefined || withheld.test(key) ? [] : [[key, value]],
    ),
  )
}

/** A Node process of ours: ready when it says `{ ready: true, … }` over IPC, dead when we are (see `leash.mjs`). */
export class NodeProcess<T> implements Unit<T> {
  readonly name: string
  readonly stopWithin: Millis
  readonly #options: NodeProcessOptions

  constructor(options: NodeProcessOptions) {
    this.#options = options
    this.name = options.name
    this.stopWithin = options.stopWithin ?? seconds(5)
  }

  launch(): Promise<Running<T>> {
    const { entry, env, log, heard, nodeOptions = [] } = this.#options
    const child = spawn(
      process.execPath,
      ['--conditions=source', ...nodeOptions, '--import', leash, `${repositoryRoot}${entry}`],
      {
        cwd: repositoryRoot,
        env: { ...baseEnv(), ...env() },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        // A process group of its own: Ctrl-C reaches only the supervisor, which ends the others in order.
        detached: true,
      },
    )
    return Promise.resolve(watch<T>(child, log, heard))
  }
}

function watch<T>(
  child: ChildProcess,
  log: LogFile,
  heard: NodeProcessOptions['heard'],
): Running<T> {
  const tail = new Tail()
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      tail.push(chunk)
      log.write(chunk)
    })
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, tail: error.message }))
    child.once('close', (code, signal) => resolve({ code, signal, tail: tail.text }))
  })
  const ready = new Promise<T>((resolve, reject) => {
    child.on('message', (message: { ready?: boolean }) => {
      if (message.ready) resolve(message as T)
      else heard?.(message)
    })
    void ended.then((e) => reject(new EndedEarly(e)))
  })
  ready.catch(() => undefined) // whoever waits for it is told; nobody has to wait
  return {
    pid: child.pid ?? -1,
    ready,
    ended,
    stop: () => child.kill('SIGTERM'),
    kill: () => killGroup(child),
  }
}

/** The process ended before it was ready. */
export class EndedEarly extends Error {
  readonly ending: Ending
  constructor(ending: Ending) {
    super(`ended before it was ready (${describeEnding(ending)})`)
    this.ending = ending
  }
}

/** The whole group: a process may have children of its own. */
function killGroup(child: ChildProcess) {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error
  }
}
