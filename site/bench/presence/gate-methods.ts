/** The ways to say what passed the gate, each fed the same reads in their order. */
import { VirtualClock } from '@lantai/contracts'
import { GatePresence, type Passed } from '@lantai/gateway'
import type { GateStream } from './gate-stream.ts'
import { EdgexTag, lookEveryMs } from './peers/edgex.ts'
import { SmurfTag } from './peers/smurf.ts'

export interface Statement {
  at: number
  epc: string
  direction: Passed['direction']
}
export type GateMethod = (stream: GateStream) => Statement[]

const ends = 60_000

/** Ours, as the gateway runs it. */
export const ours: GateMethod = ({ reads, lastsMs }) => {
  const clock = new VirtualClock()
  const said: Statement[] = []
  const gate = new GatePresence(clock, ({ epc, direction }) =>
    said.push({ at: clock.mono(), epc, direction }),
  )
  for (const { at, read } of reads) {
    clock.advance(at - clock.mono())
    gate.read(read)
  }
  clock.advance(lastsMs + ends - clock.mono())
  return said
}

const silenceMs = 1500
const longestMs = 15_000
const provenMs = 40

/** What the gateway did before: a walk ends after 1.5 s of silence; mean times of the antennas 40 ms apart prove it. */
export const meanTimes: GateMethod = ({ reads }) => {
  const said: Statement[] = []
  interface Walk {
    from: number
    last: number
    sums: Record<1 | 2, { n: number; sum: number }>
    said: boolean
  }
  const walks = new Map<string, Walk>()
  const tell = (epc: string, walk: Walk, at: number) => {
    if (walk.said) return
    walk.said = true
    const { 1: a, 2: b } = walk.sums
    const lead = a.n && b.n ? b.sum / b.n - a.sum / a.n : 0
    const direction = lead >= provenMs ? 'out' : lead <= -provenMs ? 'in' : 'unknown'
    said.push({ at, epc, direction })
  }
  for (const { at, read } of reads) {
    let walk = walks.get(read.epc)
    if (walk && at - walk.last >= silenceMs) {
      tell(read.epc, walk, walk.last + silenceMs)
      walk = undefined
    }
    if (!walk) {
      walk = { from: at, last: at, sums: { 1: { n: 0, sum: 0 }, 2: { n: 0, sum: 0 } }, said: false }
      walks.set(read.epc, walk)
    }
    walk.last = at
    const side = walk.sums[read.antenna as 1 | 2]
    side.n++
    side.sum += at - walk.from
    if (at - walk.from >= longestMs) tell(read.epc, walk, at)
  }
  for (const [epc, walk] of walks) tell(epc, walk, walk.last + silenceMs)
  return said.sort((a, b) => a.at - b.at)
}

/** EdgeX: antenna 1 and antenna 2 are two locations, and a move between them is a passage. */
export const edgex: GateMethod = ({ reads }) => {
  const said: Statement[] = []
  const tags = new Map<string, EdgexTag>()
  let look = lookEveryMs
  for (const { at, read } of reads) {
    for (; look <= at; look += lookEveryMs) for (const tag of tags.values()) tag.look(look)
    const tag = tags.get(read.epc) ?? new EdgexTag()
    tags.set(read.epc, tag)
    const event = tag.read(at, read.antenna, read.rssiDbm)
    if (event?.what === 'moved')
      said.push({ at, epc: read.epc, direction: event.to === 2 ? 'out' : 'in' })
  }
  return said
}

interface Smoothed {
  tags: Record<1 | 2, SmurfTag>
  /** Sum and number of the epochs in which each antenna's window has it. */
  there: Record<1 | 2, { n: number; sum: number }>
}

/** SMURF for each antenna; a walk lasts while either window has the tag, and the order of the windows is its direction. */
export const smurf =
  (cycles: number): GateMethod =>
  ({ reads, lastsMs, cycleMs }) => {
    const epochMs = cycles * cycleMs
    const said: Statement[] = []
    const heard = answersOf(reads, epochMs, cycleMs)
    const tags = new Map<string, Smoothed>()
    for (let epoch = 0; epoch * epochMs < lastsMs + ends; epoch++) {
      const now = heard.get(epoch)
      for (const epc of now?.keys() ?? []) if (!tags.has(epc)) tags.set(epc, fresh(cycles))
      for (const [epc, { tags: windows, there }] of tags) {
        let present = false
        for (const antenna of [1, 2] as const) {
          const answers = now?.get(epc)?.[antenna].size ?? 0
          if (!windows[antenna].epoch(answers)) continue
          present = true
          there[antenna].n++
          there[antenna].sum += epoch
        }
        if (present) continue
        tags.delete(epc)
        said.push({ at: (epoch + 1) * epochMs, epc, direction: orderOf(there) })
      }
    }
    return said
  }

const fresh = (cycles: number): Smoothed => ({
  tags: { 1: new SmurfTag({ cycles }), 2: new SmurfTag({ cycles }) },
  there: { 1: { n: 0, sum: 0 }, 2: { n: 0, sum: 0 } },
})

/** Half an epoch apart is an order. */
function orderOf({ 1: a, 2: b }: Smoothed['there']): Statement['direction'] {
  if (a.n === 0 || b.n === 0) return 'unknown'
  const lead = b.sum / b.n - a.sum / a.n
  return lead >= 0.5 ? 'out' : lead <= -0.5 ? 'in' : 'unknown'
}

type Answers = Map<number, Map<string, Record<1 | 2, Set<number>>>>

function answersOf(reads: GateStream['reads'], epochMs: number, cycleMs: number): Answers {
  const answers: Answers = new Map()
  for (const { at, read } of reads) {
    const epoch = Math.floor(at / epochMs)
    const tags = answers.get(epoch) ?? new Map<string, Record<1 | 2, Set<number>>>()
    answers.set(epoch, tags)
    const own = tags.get(read.epc) ?? { 1: new Set<number>(), 2: new Set<number>() }
    tags.set(read.epc, own)
    own[read.antenna as 1 | 2].add(Math.floor(at / cycleMs))
  }
  return answers
}
