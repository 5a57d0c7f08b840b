/**
 * Reads of a desk reader with the truth behind them: boxes laid down and taken away, most reads missed, a hand or a
 * person in the way for a while. Ranges only; every scene is drawn by its seed.
 */
import type { TagRead } from '@lantai/gateway'
import { Draw, epcOf } from './draw.ts'

/** How the reader asks (devices 3.2): all the time, with tags that stay quiet for a while (Gen2 S1), or in rounds. */
export const deskKinds = ['live', 'quiet', 'rounds'] as const
export type DeskKind = (typeof deskKinds)[number]

export interface Stay {
  epc: string
  /** Milliseconds of the stream. */
  from: number
  to: number
}

export interface DeskStream {
  kind: DeskKind
  /** One look of the reader at every tag. */
  cycleMs: number
  lastsMs: number
  /** In the order of time. */
  reads: { at: number; read: TagRead }[]
  stays: Stay[]
}

const ranges = {
  cycleMs: { live: [60, 400], quiet: [800, 3000], rounds: [2000, 12_000] },
  stations: [8, 20],
  /** Share of looks that a tag answers: 60 to 70 % are missed, with some tags far worse and some far better. */
  answers: [0.3, 0.4],
  weak: [0.06, 0.15],
  strong: [0.6, 0.95],
  staySeconds: [6, 240],
  awaySeconds: [15, 120],
  blockEverySeconds: [15, 90],
  blockSeconds: [0.4, 3],
  rssiDbm: [-66, -42],
  /** Reads of one dwell, where the reader reports each. */
  burst: [1, 6],
  burstMs: [6, 16],
} as const

export function drawDesk(seed: string, kind: DeskKind, minutes: number): DeskStream {
  const draw = new Draw(seed)
  const cycleMs = draw.decades(ranges.cycleMs[kind])
  // A slow reader is watched for longer, so that there is as much to judge.
  const lastsMs = minutes * 60_000 * Math.max(1, Math.sqrt(cycleMs / 400))
  const burst = kind === 'live' && draw.chance(0.5) ? draw.whole(ranges.burst) : 1
  const burstMs = draw.between(ranges.burstMs)
  const blockEvery = draw.decades(ranges.blockEverySeconds) * 1000
  const blockMs = draw.decades(ranges.blockSeconds) * 1000
  const reads: DeskStream['reads'] = []
  const stays: Stay[] = []
  const stations = draw.whole(ranges.stations)
  for (let s = 0; s < stations; s++) {
    let at = draw.unit() * 20_000
    while (at < lastsMs) {
      const epc = epcOf(s)
      const to = Math.min(lastsMs, at + draw.decades(ranges.staySeconds) * 1000)
      const answered = layDown(
        draw,
        { epc, from: at, to },
        {
          ...{ cycleMs, kind, blockEvery, blockMs, burst, burstMs },
        },
      )
      // A stay of which nothing was read is nobody's to judge.
      if (answered.length > 0) stays.push({ epc, from: at, to })
      reads.push(...answered)
      at = to + draw.decades(ranges.awaySeconds) * 1000
    }
  }
  reads.sort((a, b) => a.at - b.at)
  return { kind, cycleMs, lastsMs, reads, stays }
}

interface Place {
  cycleMs: number
  kind: DeskKind
  blockEvery: number
  blockMs: number
  burst: number
  burstMs: number
}

function layDown(draw: Draw, { epc, from, to }: Stay, p: Place): DeskStream['reads'] {
  const sort = draw.unit()
  const answers = draw.between(
    sort < 0.15 ? ranges.weak : sort < 0.8 ? ranges.answers : ranges.strong,
  )
  const rssi = draw.between(ranges.rssiDbm)
  const reads: DeskStream['reads'] = []
  let blockedUntil = 0
  let nextBlock = from + draw.exponential(p.blockEvery)
  const jitter = p.kind === 'rounds' ? 0.01 : 0.15
  const start = p.kind === 'rounds' ? Math.ceil(from / p.cycleMs) * p.cycleMs : from
  for (let look = start; look < to; look += p.cycleMs) {
    const at = look + draw.unit() * p.cycleMs * jitter
    if (at >= nextBlock) {
      blockedUntil = at + draw.exponential(p.blockMs)
      nextBlock = blockedUntil + draw.exponential(p.blockEvery)
    }
    if (at >= to || at < blockedUntil || !draw.chance(answers)) continue
    for (let n = 0; n < p.burst && at + n * p.burstMs < to; n++) {
      const dBm = Math.round((rssi + 2 * draw.normal()) * 2) / 2
      reads.push({ at: at + n * p.burstMs, read: { epc, antenna: 1, rssiDbm: dBm, count: 1 } })
    }
  }
  return reads
}
