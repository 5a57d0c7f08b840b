/**
 * Is what a driver told on disk, once? Compares its events with the items of the store behind it; pure. What the edge
 * folds, delays or latches is compared as far as that leaves it certain.
 */
import {
  type ContactPoint,
  type Facets,
  type FactBody,
  type FactType,
  isFireMeans,
} from '@lantai/contracts'
import type { DriverEvent } from '@lantai/gateway'

export interface KeptItem {
  readonly seq: bigint
  readonly type: string
  readonly data: Record<string, unknown>
}

export const keptItem = (text: string): KeptItem => {
  const { seq, type, data } = JSON.parse(text) as { seq: string } & Omit<KeptItem, 'seq'>
  return { seq: BigInt(seq), type, data }
}

const bodies = <T extends FactType>(items: readonly KeptItem[], type: T) =>
  items.filter((i) => i.type === type).map((i) => i.data as unknown as FactBody<T>)
const told = <K extends DriverEvent['kind']>(events: readonly DriverEvent[], kind: K) =>
  events.filter((e): e is Extract<DriverEvent, { kind: K }> => e.kind === kind)

/** Sentences about what is missing, stored twice, or was never told; none is good. */
export function unkept(
  events: readonly DriverEvent[],
  items: readonly KeptItem[],
  facets: Facets,
): string[] {
  return [
    ...numbers(items),
    ...losses(items),
    ...differences('blind time', holesTold(events), holesKept(items)),
    ...rounds(events, items),
    ...differences('reading', readingsTold(events), readingsKept(items)),
    ...turns('health', healthTold(events), healthKept(items)),
    ...sightings(events, items, facets),
    ...(facets.contacts ?? []).flatMap((c) => contact(c, events, items)),
    ...manualMotion(events, items),
  ]
}

/** One number follows the other over all lanes: a hole is a loss (devices 2). */
function numbers(items: readonly KeptItem[]): string[] {
  const seqs = items.map((i) => i.seq).toSorted((a, b) => (a < b ? -1 : 1))
  const wrong = seqs.find((seq, i) => seq !== BigInt(i + 1))
  return wrong === undefined ? [] : [`number ${wrong} follows a hole or is there twice`]
}

/** Losses that the store itself states; those of a reader are the driver's own word. */
function losses(items: readonly KeptItem[]): string[] {
  const gaps = bodies(items, 'lantai.gap.v1')
  return gaps
    .filter((g) => g.reason === 'quota' || g.reason === 'corrupt')
    .map((g) => `the store lost ${g.count} of ${g.lane}: ${g.reason}`)
}

/** The same texts equally often on both sides. */
function differences(what: string, toldTexts: string[], keptTexts: string[]): string[] {
  const balance = new Map<string, number>()
  for (const t of toldTexts) balance.set(t, (balance.get(t) ?? 0) + 1)
  for (const k of keptTexts) balance.set(k, (balance.get(k) ?? 0) - 1)
  const lost = [...balance].filter(([, n]) => n > 0)
  const extra = [...balance].filter(([, n]) => n < 0)
  return [
    ...lost.slice(0, 3).map(([text]) => `${what} told and not kept: ${text}`),
    ...extra.slice(0, 3).map(([text]) => `${what} kept more often than told: ${text}`),
  ]
}

const holesTold = (events: readonly DriverEvent[]) =>
  told(events, 'hole').map((h) =>
    [h.device, h.reason, h.count ?? 0, iso(h.fromMs), iso(h.toMs)].join(' '),
  )
const holesKept = (items: readonly KeptItem[]) =>
  bodies(items, 'lantai.gap.v1')
    .filter((g) => g.reason === 'reader-overflow' || g.reason === 'observation-hole')
    .map((g) => [g.device, g.reason, g.count, g.from, g.to].join(' '))
/** As many as were told, in as few facts; none is called complete that was not, and none is later or earlier. */
function rounds(events: readonly DriverEvent[], items: readonly KeptItem[]): string[] {
  const all = told(events, 'round')
  const kept = bodies(items, 'lantai.round.v1')
  const counted = kept.reduce((n, r) => n + r.rounds, 0)
  const wrong = kept.filter((k) => {
    const within = all.filter((r) => k.from <= iso(r.fromMs) && iso(r.toMs) <= k.to)
    const troubles = new Set(within.flatMap((r) => r.troubles))
    return within.length !== k.rounds || troubles.size !== k.troubles.length
  })
  return [
    ...(counted === all.length ? [] : [`${all.length} rounds told, ${counted} kept`]),
    ...wrong.map((k) => `a round is kept and was not told so: ${JSON.stringify(k)}`),
  ]
}

const iso = (ms: number) => new Date(ms).toISOString()

const readingsTold = (events: readonly DriverEvent[]) =>
  told(events, 'readings').flatMap((r) =>
    Object.entries(r.values).map(([quantity, value]) => `${r.sensor} ${quantity} ${value}`),
  )
const readingsKept = (items: readonly KeptItem[]) =>
  bodies(items, 'lantai.readings.v1').flatMap((r) =>
    r.rows.map(([s = -1, q = -1, value]) => `${r.sensors[s]} ${r.quantities[q]} ${value}`),
  )

const healthTold = (events: readonly DriverEvent[]) => told(events, 'health').map((h) => h.state)
const healthKept = (items: readonly KeptItem[]) =>
  bodies(items, 'lantai.device.v1').map((d) => d.state)

/** Both sides went through the same states in the same order, however often each was repeated. */
function turns(what: string, toldStates: string[], keptStates: string[], first = 'unknown') {
  const one = changes(first, toldStates).join(' ')
  const other = changes(first, keptStates).join(' ')
  return one === other ? [] : [`${what} was told as ${one || '–'} and kept as ${other || '–'}`]
}
const changes = (first: string, states: readonly string[]) =>
  states.filter((s, i) => s !== (states[i - 1] ?? first))

/**
 * Every tag is there, no sighting twice, and their counts are the reads: a sighting that only says that the tag has
 * gone counts one more, and reads of a tag that still lies there are told later.
 */
function sightings(
  events: readonly DriverEvent[],
  items: readonly KeptItem[],
  { reader }: Facets,
): string[] {
  if (reader?.role !== 'desk') return []
  const all = bodies(items, 'lantai.sighting.v1')
  const reads = new Map<string, number>()
  for (const r of told(events, 'tags').flatMap((t) => t.reads))
    reads.set(r.epc, (reads.get(r.epc) ?? 0) + Math.max(1, r.count))
  const texts = all.map((s) => JSON.stringify(s))
  const twice = texts.filter((t, i) => texts.indexOf(t) !== i)
  const never = [...new Set(all.map((s) => s.epc))].filter((epc) => !reads.has(epc))
  return [
    ...twice.map((t) => `a sighting is kept twice: ${t}`),
    ...never.map((epc) => `tag ${epc} is kept and was never told`),
    ...[...reads].flatMap(([epc, n]) =>
      counted(
        epc,
        n,
        all.filter((s) => s.epc === epc),
      ),
    ),
  ]
}

function counted(epc: string, reads: number, kept: FactBody<'lantai.sighting.v1'>[]): string[] {
  const sum = kept.reduce((n, s) => n + s.count, 0)
  const goodbyes = kept.filter((s) => s.departed).length
  if (kept.length === 0) return [`tag ${epc} was told and is not kept`]
  if (sum - goodbyes > reads) return [`tag ${epc}: ${reads} reads told, ${sum} kept`]
  const gone = kept.at(-1)?.departed === true
  return gone && sum < reads ? [`tag ${epc}: ${reads} reads told, only ${sum} kept`] : []
}

/** Kinds of condition that follow their contact at once, by what the contact means; a door is told after a minute. */
const kindOf = {
  water: 'water',
  intrusion: 'intrusion',
  tamper: 'tamper',
  batteryLow: 'batteryLow',
  fault: 'detectorFault',
} as const

function contact(c: ContactPoint, events: readonly DriverEvent[], items: readonly KeptItem[]) {
  const known = told(events, 'contact').filter((e) => e.input === c.id && e.state !== 'unknown')
  const states = known.map((e) => e.state)
  const all = bodies(items, 'lantai.condition.v1')
  const { means } = c
  if (isFireMeans(means)) {
    if (means === 'panelFault') return []
    // A signal may have aged on its way and then only latches (S1); that it latched may never be missing.
    const latched = all.some((k) => k.key === `${means}:${c.id}` && k.latched)
    const active = states.includes('active')
    return latched === active ? [] : [`${c.id}: told ${active}, latched ${latched}`]
  }
  if (means === 'door') return []
  const key = `${kindOf[means]}:${c.id}`
  const kept = all.filter((k) => k.key === key).map((k) => (k.active ? 'active' : 'clear'))
  return turns(`contact ${c.id}`, states, kept, 'clear')
}

/** Motion that nobody asked the interlock for is on record once when it has ended (S10). */
function manualMotion(events: readonly DriverEvent[], items: readonly KeptItem[]): string[] {
  const motions = told(events, 'bank').map((b) => b.observed.motion)
  const begun = changes('still', motions).filter((m) => m === 'moving').length
  const ended = motions.at(-1) === 'moving' ? begun - 1 : begun
  const kept = bodies(items, 'lantai.command.v1').length
  if (kept > begun) return [`${begun} motions told, ${kept} kept`]
  return ended > 0 && kept === 0 ? [`${ended} motions told and none kept`] : []
}
