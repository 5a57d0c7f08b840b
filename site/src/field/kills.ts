/**
 * The peer loses its power at random moments. Each time the driver must come back by itself, must have hidden nothing,
 * and nothing that was asked for before or meanwhile may take effect a second time or late (G5, G9, S5). What the driver
 * told over all that is on disk in the store behind it, once (G1).
 */
import { systemClock } from '../system-clock.ts'
import { type CheckContext, type Measured, pause } from './conformance/case.ts'
import { comesBack, eventsSince, together } from './conformance/steps.ts'
import { Told } from './conformance/told.ts'
import { keptItem, unkept } from './kept.ts'
import { Rig } from './rig.ts'
import { Seeded } from './seeded.ts'

export interface KillOptions {
  readonly rounds: number
  readonly seed: string
  readonly timed: boolean
  readonly said?: (result: KillResult) => void
}
export interface KillResult extends Measured {
  readonly device: string
  readonly round: number
  readonly uptimeMs: number
  readonly outageMs: number
}

/** Long enough for a command that was kept back to show itself, on a machine of any speed. */
const watchMs = 1000
const tagsAfterwards = 10

export async function killAgainAndAgain(device: string, o: KillOptions): Promise<KillResult[]> {
  await using rig = await Rig.open(device, { seed: o.seed, recording: true })
  await rig.well()
  return await killsOn(rig, o)
}

/** The same on a rig that records, stands and is well. The last result also says what of all that was told is not on disk. */
export async function killsOn(rig: Rig, o: KillOptions): Promise<KillResult[]> {
  const device = rig.standalone.name
  const rng = new Seeded(`${o.seed}/${device}`)
  const context: CheckContext = { rig, rng, told: new Told(), timed: o.timed, brief: false }
  const results: KillResult[] = []
  for (let round = 0; round < o.rounds; round++) {
    const killed = await killOnce(context, round)
    const last = round === o.rounds - 1 ? await kept(context) : { wrong: [] }
    const result = { device, round, ...killed, ...together(killed, last) }
    o.said?.(result)
    results.push(result)
  }
  return results
}

async function killOnce(c: CheckContext, round: number) {
  const { rig, rng } = c
  const uptimeMs = rng.below(1500)
  const outageMs = 200 + rng.below(2500)
  const wrong: string[] = []
  await pause(uptimeMs)
  const mark = rig.tape.mark()
  const before = rig.facets.bank ? await moveSomething(c) : null
  await rig.powerCut(outageMs)
  const meanwhile = before === null ? null : await rig.request({ verb: 'close', aisle: null }, 1000)
  if (meanwhile === 'sent') wrong.push('a request to a controller without power was called sent')
  await rig.powered()
  const back = await comesBack(c, rig.tape.mark())
  if (before !== null) wrong.push(...(await stoodStill(c)))
  if (rig.facets.reader) wrong.push(...told(c, mark), ...(await readsAll(c, round)))
  if (rig.driverDeaths > 0) wrong.push(`the driver process died ${rig.driverDeaths} times`)
  return { uptimeMs, outageMs, ...together({ wrong }, back) }
}

/** What the driver has told since it was started and the store behind it lacks or has twice. Ends the record. */
async function kept({ rig }: CheckContext): Promise<Measured> {
  const { recording, tape } = rig
  recording.end()
  const told = tape.all.map((t) => t.event)
  const items = (await recording.items()).map(keptItem)
  const refused = recording.refused > 0 ? [`the store refused ${recording.refused} facts`] : []
  const wrong = [...refused, ...unkept(told, items, rig.facets)]
  return { wrong, note: `${told.length} events told, ${items.length} facts on disk` }
}

/** Something is under way when the power goes, or was just asked for. */
async function moveSomething(c: CheckContext): Promise<string> {
  const aisles = Math.max(1, (c.rig.facets.bank?.columns.length ?? 2) - 1)
  const answer = await c.rig.request({ verb: 'open', aisle: 1 + c.rng.below(aisles) }, 1000)
  await pause(c.rng.below(600))
  return answer
}

/** After a restart nothing moves that nobody asked for since: not by the controller, and not by what we sent before. */
async function stoodStill({ rig }: CheckContext): Promise<string[]> {
  const before = JSON.stringify(rig.device.state?.bank?.x)
  await pause(watchMs)
  const after = JSON.stringify(rig.device.state?.bank?.x)
  const { verbsAccepted: accepted } = rig.device.state?.detail ?? {}
  const wrong: string[] = []
  if (after !== before) wrong.push(`columns moved by themselves from ${before} to ${after}`)
  if (typeof accepted === 'number' && accepted > 0)
    wrong.push(`${accepted} requests reached the controller after its restart; nobody made any`)
  return wrong
}

function told(c: CheckContext, mark: number): string[] {
  const holes = eventsSince(c, mark).filter((e) => e.kind === 'hole')
  return holes.length > 0 ? [] : ['the reader was off and no hole was told']
}

/** What passes a reader that is back is read to the last tag; where its driver calls itself degraded, some of it. */
async function readsAll(c: CheckContext, round: number): Promise<string[]> {
  const { rig } = c
  const first = 0xe200_0000_0000n + BigInt(round) * 1000n
  const hex = (n: bigint) => n.toString(16).toUpperCase().padStart(24, '0')
  const mark = rig.tape.mark()
  const burst = { antenna: 1, firstEpc: hex(first), count: tagsAfterwards, perSecond: 50 }
  try {
    await rig.device.send({ type: 'burst', burst })
  } catch {
    return [] // This device knows only tags that lie there.
  }
  const missing = new Set(Array.from({ length: tagsAfterwards }, (_, i) => hex(first + BigInt(i))))
  const until = systemClock.mono() + (c.timed ? 15_000 : 300_000)
  for (let at = mark; missing.size > 0 && systemClock.mono() < until; ) {
    const events = eventsSince(c, at)
    at += events.length
    for (const e of events) if (e.kind === 'tags') for (const r of e.reads) missing.delete(r.epc)
    await pause(20)
  }
  const lossy = rig.tape.all.findLast(({ event }) => event.kind === 'health')?.event
  if (lossy?.kind === 'health' && lossy.state === 'degraded' && missing.size < tagsAfterwards)
    return [] // Who hears the last scan only misses what passes between two looks, and has said so.
  return missing.size === 0 ? [] : [`${missing.size} of ${tagsAfterwards} tags were never told`]
}
