/** From `npm start` (installed, empty data directory) to ready, against bare initdb and start of the same PostgreSQL. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { choosePort } from '../src/postgres/ports.ts'
import { startScratch } from '../src/postgres/scratch.ts'
import { repositoryRoot } from '../src/supervise/node-process.ts'
import { systemClock } from '../src/system-clock.ts'
import { tempDir } from '../src/testing.ts'
import { contest, type Figure } from './figure.ts'
import { timed } from './store.ts'

async function ready(child: ChildProcess) {
  if (!child.stdout) throw new Error('no output to read')
  for await (const line of createInterface(child.stdout))
    if (line.includes('Lantai is ready')) return
  throw new Error('ended before it was ready')
}

async function startOnce(): Promise<number> {
  using dir = tempDir()
  const child = spawn('npm', ['start'], {
    cwd: repositoryRoot,
    env: {
      ...process.env,
      LANTAI_DATA_DIR: join(dir.path, 'data'),
      LANTAI_PORT: String(await choosePort()),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  try {
    return await timed(() => ready(child))
  } finally {
    if (child.pid) process.kill(-child.pid, 'SIGINT')
    await once(child, 'exit')
  }
}

/** initdb, start and the first answer; ended outside the measured time. */
async function bare(): Promise<number> {
  let scratch: Awaited<ReturnType<typeof startScratch>> | undefined
  const ms = await timed(async () => {
    scratch = await startScratch(systemClock, { durable: true })
  })
  await scratch?.[Symbol.asyncDispose]()
  return ms
}

export async function start(rounds: number): Promise<Figure[]> {
  await bare()
  return [
    await contest({
      name: 'start-to-ready',
      meaning:
        '`npm start` with an empty data directory until ready, demo imported / bare initdb + start of the same PostgreSQL',
      aim: { atMost: 4 },
      rounds,
      product: startOnce,
      peer: bare,
      detail: (p) => ({ unit: 'ms', underTenSeconds: String(Math.max(...p) < 10_000) }),
    }),
  ]
}
