/** What may be drawn of a bank, from its last report and the age of that report. Unknown is a state of its own. */
import type { BankReport, BankView, Interlock } from '@lantai/contracts'

/** Rule S1: an interlock older than this refuses. */
export const interlockFreshMs = 2000
/** A report older than this is no longer drawn as the present state (ux 3, stale values: twice the interval, with slack for the wire). */
export const reportFreshMs = 5000

export type BankDrawing =
  | 'unknown'
  | 'fault'
  | 'moving'
  | 'ventilating'
  | 'inhibited'
  | 'locked'
  | 'open'
  | 'closed'

export type InhibitionView = BankReport['inhibitions'][number]

/** One interlock as the person may read it now. `refuses` says whether it stands in the way (rule S1). */
export interface InterlockView {
  input: Interlock['input']
  state: Interlock['state'] | 'old'
  ageMs: number | null
  refuses: boolean
}

export interface BankPicture {
  drawing: BankDrawing
  /** Age of the controller's last status; null when there never was one. */
  ageMs: number | null
  inhibitions: InhibitionView[]
  /** Interlocks that refuse, in the order of the one list. */
  refusing: InterlockView[]
  interlocks: InterlockView[]
  openAisle: number | null
  /** Left edges as reported, by column. */
  places: ReadonlyMap<number, number>
  /** Positions may be drawn solid only while they are reports, not memories. */
  trusted: boolean
}

/** Age now of something the gateway had aged `ageMs` when it last spoke. */
function ageNow(view: BankView, ageMs: number | null, sinceMs: number): number | null {
  return ageMs === null || view.heardAgoMs === null ? null : ageMs + view.heardAgoMs + sinceMs
}

/**
 * @param sinceMs milliseconds on this page's monotonic clock since `view` arrived
 */
export function pictureOf(view: BankView, sinceMs: number): BankPicture {
  const report = view.report
  const ageMs = ageNow(view, report?.ageMs ?? null, sinceMs)
  const interlocks = (report?.interlocks ?? []).map((i) => interlockView(view, i, sinceMs))
  const observed = report?.observed ?? null
  const trusted =
    view.gatewayOnline && observed !== null && ageMs !== null && ageMs <= reportFreshMs
  const base = {
    ageMs,
    inhibitions: report?.inhibitions ?? [],
    refusing: interlocks.filter((i) => i.refuses),
    interlocks,
    openAisle: observed?.openAisle ?? null,
    places: placesOf(observed),
    trusted,
  }
  return { ...base, drawing: trusted ? drawingOf(report as BankReport, base) : 'unknown' }
}

const placesOf = (observed: BankReport['observed']) =>
  new Map(
    (observed?.columns ?? []).flatMap((c): [number, number][] =>
      c.xMm === null ? [] : [[c.column, c.xMm]],
    ),
  )

function interlockView(view: BankView, i: Interlock, sinceMs: number): InterlockView {
  const ageMs = ageNow(view, i.ageMs, sinceMs)
  if (i.state === 'notProvided')
    return { input: i.input, state: i.state, ageMs: null, refuses: false }
  const old = ageMs === null || ageMs > interlockFreshMs
  const state = i.state === 'clear' && old ? 'old' : i.state
  return { input: i.input, state, ageMs, refuses: state !== 'clear' }
}

function drawingOf(
  report: BankReport,
  p: Pick<BankPicture, 'inhibitions' | 'refusing'>,
): BankDrawing {
  const o = report.observed
  if (!o || o.motion === 'unknown') return 'unknown'
  if (o.faults.length > 0) return 'fault'
  if (o.motion === 'moving') return 'moving'
  if (o.ventilating) return 'ventilating'
  if (p.inhibitions.length > 0) return 'inhibited'
  if (p.refusing.some((r) => r.state === 'active')) return 'locked'
  return o.openAisle === null ? 'closed' : 'open'
}

const worstFirst: readonly InhibitionView['kind'][] = [
  'fire',
  'crush',
  'storage',
  'forbid',
  'commissioning',
  'boot',
]

/** Everything that stands in the way of motion, inhibitions first: what a refusing button names. */
export function obstacles(p: BankPicture): { key: string; kind: 'inhibition' | 'interlock' }[] {
  const held: readonly string[] = worstFirst.filter((k) => p.inhibitions.some((i) => i.kind === k))
  return [
    ...held.map((key) => ({ key, kind: 'inhibition' as const })),
    // Fire and forbid are a latch and an input of one name: said once.
    ...p.refusing
      .filter((r) => r.state !== 'active' || !held.includes(r.input))
      .map((r) => ({
        key: r.state === 'active' ? `${r.input}.active` : `${r.input}.unknown`,
        kind: 'interlock' as const,
      })),
  ]
}
