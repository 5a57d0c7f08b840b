/** What the cases are made of: going away, coming back, and a spell of spoilt bytes. */
import { systemClock } from '../../system-clock.ts'
import { isData, isHealth, type Taped } from '../tape.ts'
import type { Mangling } from '../wire.ts'
import {
  backWithinMs,
  type CheckContext,
  type Measured,
  pause,
  promiseMs,
  sinceMs,
  within,
} from './case.ts'

/** Nobody is there: looked at for so long for a driver that says otherwise. */
const watchMs = 1200

/** Until the driver has said that the device is gone, and all that it showed is unknown. */
export async function goesDown(c: CheckContext, mark: number): Promise<Measured> {
  const began = systemClock.mono()
  const { tape } = c.rig
  const promised = promiseMs(c.rig)
  const down = await tape.next(mark, isHealth('offline', 'unknown'), within(c, promised))
  if (!down) return { wrong: [`still shown as live ${promised} ms after the peer had gone`] }
  const wrong = unknownContacts(c, mark)
  const gone = tape.mark()
  await pause(watchMs)
  const liar = tape
    .since(gone)
    .find((t) => isHealth('online', 'degraded')(t.event) || isData(t.event))
  if (liar) wrong.push(`while nobody was there: ${JSON.stringify(liar.event).slice(0, 200)}`)
  const downMs = sinceMs(began, down)
  return { wrong, ...(downMs === undefined ? {} : { downMs }) }
}

/** Every contact of a device that is gone is unknown: the last state is no state (S1). */
function unknownContacts(c: CheckContext, mark: number): string[] {
  const last = new Map<string, string>()
  for (const { event } of c.rig.tape.all)
    if (event.kind === 'contact') last.set(event.input, event.state)
  const silent = c.rig.tape.since(mark).some((t) => isHealth('offline')(t.event))
  return [...last]
    .filter(([, state]) => state !== 'unknown' && silent)
    .map(([input, state]) => `contact ${input} is still "${state}" although the device is gone`)
}

/** Until it is well again and has data, counted from now: the peer has just returned. */
export async function comesBack(c: CheckContext, mark: number): Promise<Measured> {
  const began = systemClock.mono()
  const limit = within(c, backWithinMs)
  const { tape } = c.rig
  // It may have never gone, or be back already: what counts is its last word.
  const well = await lastWord(c, mark, limit)
  if (!well) return { wrong: [`not online again ${limit} ms after the peer's own return`] }
  const data = await tape.next(Math.max(mark, tape.all.indexOf(well)), isData, limit)
  if (!data) return { wrong: [`online, but no data ${limit} ms after the peer's own return`] }
  const backMs = Math.max(0, Math.round(Math.max(well.at, data.at) - began))
  return c.timed && backMs > backWithinMs
    ? { wrong: [`back only after ${backMs} ms`], backMs }
    : { wrong: [], backMs }
}

/** The word that the device is online, when no other came behind it. */
async function lastWord(c: CheckContext, from: number, limitMs: number): Promise<Taped | null> {
  const { tape } = c.rig
  const until = systemClock.mono() + limitMs
  for (let mark = from; ; ) {
    const state = tape.all.findLast((t) => t.event.kind === 'health')
    if (state && isHealth('online', 'degraded')(state.event)) return state
    const left = until - systemClock.mono()
    if (left <= 0 || !(await tape.next(mark, (e) => e.kind === 'health', left))) return null
    mark = tape.mark()
  }
}

/** Bytes are changed on their way until `count` chunks were; then all is well again. */
export async function spell(c: CheckContext, how: Mangling, count: number): Promise<void> {
  const { wire } = c.rig
  const touched = () =>
    'nth' in how && how.kind !== 'duplicate' ? wire.spoilt.length : wire.carried
  const before = touched()
  const until = systemClock.mono() + within(c, 20_000)
  wire.mangle(how)
  while (touched() - before < count && systemClock.mono() < until) await pause(20)
  wire.mangle({ kind: 'pass' })
}

export function together(...parts: readonly Measured[]): Measured {
  const all = Object.assign({}, ...parts) as Measured
  return { ...all, wrong: parts.flatMap((p) => p.wrong) }
}

export const eventsSince = (c: CheckContext, mark: number) =>
  c.rig.tape.since(mark).map((t) => t.event)
