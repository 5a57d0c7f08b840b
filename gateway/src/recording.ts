import { randomUUID } from 'node:crypto'
import { type EpcProfile, lanes } from '@lantai/contracts'
import { createRecorder, type FactToRecord } from './core/recorder.ts'
import { createSystemClock } from './core/system-clock.ts'
import { createDeciders } from './deciders.ts'
import type { DriverEvent, KnownDevice, ShelvingAnswer, ShelvingRequest } from './drivers/driver.ts'
import { startOutbox } from './outbox/outbox.ts'
import { limitsOf, type Put } from './outbox/types.ts'

export interface RecordingOptions {
  /** Where the store lies. */
  readonly dir: string
  readonly devices: readonly KnownDevice[]
  readonly maxMb: number
  readonly epcProfiles?: readonly EpcProfile[]
  /** Called once when a commit has failed: no answer of the store can be trusted any more. */
  fatal(error: unknown): void
  ask(device: string, request: ShelvingRequest, withinMs: number | null): Promise<ShelvingAnswer>
}

export interface Recording extends AsyncDisposable {
  /** Something a driver said, read `ageMs` ago. */
  take(event: DriverEvent, ageMs: number): void
  /** What was packed or folded so far is told, and nothing more is taken. */
  end(): void
  /** Every item on disk as JSON text, lane by lane, once no write is under way. */
  items(): Promise<string[]>
  /** Facts that the store refused, as it does when it is full. */
  readonly refused: number
}

const pageItems = 500
const pageBytes = 1024 * 1024

/** A gateway from the drivers' word to the fsynced store, and nothing else of it: no server, no console. */
export async function openRecording(o: RecordingOptions): Promise<Recording> {
  const boot = randomUUID()
  const clock = createSystemClock()
  const setup = {
    ...{ dir: o.dir, boot, limits: limitsOf(o.maxMb), origin: performance.timeOrigin },
  }
  const outbox = await startOutbox(setup, () => clock.quality(), o.fatal)
  const recorder = createRecorder(outbox, clock, boot)
  const writes = new Set<Promise<void>>()
  let refused = 0
  const record = (facts: FactToRecord[], puts: Put[] = []) => {
    const write = recorder.record(facts, puts).then((answer) => {
      if (!answer.stored) refused += facts.length
      writes.delete(write)
    })
    writes.add(write)
  }
  const deciders = createDeciders({
    ...{ devices: o.devices, clock, outbox, recorder, record, ask: o.ask },
    epcProfiles: () => o.epcProfiles ?? [],
    tell: () => undefined,
    fireChanged: (room) => deciders.lookAtFire(room),
    // What is no EPC is counted by nobody here: a driver that told one is found by who compares.
    badRead: () => undefined,
    understood: () => true,
  })
  const { events, conditions, runner, machine } = deciders
  runner.run(machine.start())
  let ended = false
  const end = () => {
    if (ended) return
    ended = true
    conditions.stop()
    events.stop()
  }
  return {
    end,
    take: (event, ageMs) => void (ended || events.take(event, ageMs)),
    get refused() {
      return refused
    },
    async items() {
      while (outbox.busy() || writes.size > 0) await Promise.all(writes)
      const all: string[] = []
      for (const lane of lanes)
        for (let after = '0'; ; ) {
          const page = await outbox.read(lane, after, pageItems, pageBytes)
          all.push(...page.items)
          if (page.last === null) break
          after = page.last
        }
      return all
    },
    async [Symbol.asyncDispose]() {
      end()
      await Promise.all(writes)
      await outbox.close()
    },
  }
}
