import { spawn } from 'node:child_process'
import { baseEnv, leash, repositoryRoot } from './node-process.ts'
import { Tail } from './tail.ts'

export interface OneShot {
  /** Entry file, from the root of the checkout. */
  readonly entry: string
  readonly env: Readonly<Record<string, string>>
  /** File descriptors; without them nothing is read, and what is printed is kept for `said`. */
  readonly stdin?: number
  readonly stdout?: number
  /** Kills the process, which must bear that at any time. */
  readonly signal: AbortSignal
}

/** Runs a Node program of ours to its end. Like the others it dies with us (see `leash.mjs`). */
export function runToEnd(job: OneShot): Promise<{ code: number | null; said: string }> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', leash, `${repositoryRoot}${job.entry}`],
    {
      cwd: repositoryRoot,
      env: { ...baseEnv(), ...job.env },
      stdio: [job.stdin ?? 'ignore', job.stdout ?? 'pipe', 'pipe', 'ipc'],
      detached: true,
    },
  )
  const tail = new Tail()
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => tail.push(chunk))
  const abort = () => child.kill('SIGKILL')
  job.signal.addEventListener('abort', abort)
  if (job.signal.aborted) abort()
  return new Promise((resolve) => {
    const end = (code: number | null, said: string) => {
      job.signal.removeEventListener('abort', abort)
      resolve({ code, said })
    }
    child.once('error', (error) => end(null, error.message))
    child.once('close', (code) => end(code, tail.text))
  })
}
