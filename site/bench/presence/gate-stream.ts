/**
 * Reads of a gate with the truth behind them. A wall with a door in it, an antenna on each side, tags that are carried
 * through, brought near and taken back, wheeled past, or simply lie there. The channel is a sum of paths with
 * interference, so that fades belong to places; a tag answers when enough power arrives and its answer is not lost.
 * Ranges only; every scene is drawn by its seed. Metres, x outwards through the door, y along the wall.
 */
import type { TagRead } from '@lantai/gateway'
import { Draw, epcOf } from './draw.ts'
import { Radio } from './gate-radio.ts'
import { type Path, type Point, routes } from './gate-routes.ts'

export type Direction = 'out' | 'in'
export type Happening =
  | { what: 'passage'; direction: Direction }
  | { what: 'turn' | 'trolley' | 'linger' | 'lying'; direction: null }

/** One tag that did one thing. */
export interface Act {
  happening: Happening
  epc: string
  /** Milliseconds of the stream: begin, the moment in the door (else the middle), end. */
  from: number
  door: number
  to: number
  reads: number
}

export interface GateStream {
  /** One time through both antennas. */
  cycleMs: number
  phase: boolean
  antennas: readonly number[]
  lastsMs: number
  reads: { at: number; read: TagRead }[]
  acts: Act[]
}

export const gateKinds = ['phase', 'rssi', 'single'] as const
/** Two antennas with phase; two without; antenna 1 alone, with phase. */
export type GateKind = (typeof gateKinds)[number]

const ranges = {
  dwellMs: [40, 250],
  /** From a question to one tag to the next: a fast reader, or one that also reads TIDs. */
  attemptMs: [3, 25],
  lost: [0.5, 0.68],
  /** What the carrier's body takes, one way, from an antenna behind them. */
  bodyDb: [2, 9],
  /** Somebody else, a trolley or a cabinet door in the way of one antenna. */
  blockEverySeconds: [4, 40],
  blockSeconds: [0.3, 2],
  blockDb: [6, 20],
  channelMs: [200, 2000],
  pauseSeconds: [4, 20],
  pileOf: [1, 10],
  lying: [2, 6],
} as const

interface Carried {
  act: Act
  path: Path
}

export function drawGate(seed: string, kind: GateKind, minutes: number): GateStream {
  const draw = new Draw(seed)
  const lastsMs = minutes * 60_000
  const antennas = kind === 'single' ? [1] : [1, 2]
  const dwellMs = draw.decades(ranges.dwellMs)
  const carried = plan(draw, lastsMs)
  const stream: GateStream = {
    ...{ cycleMs: dwellMs * antennas.length, phase: kind !== 'rssi', antennas, lastsMs },
    ...{ reads: [], acts: carried.map((c) => c.act) },
  }
  inventory(draw, stream, carried, dwellMs)
  // What was never read is nobody's to judge; what was read once is.
  stream.acts = stream.acts.filter((a) => a.reads > 0)
  return stream
}

/** Who comes when, one after the other; some boxes that went out come back. */
function plan(draw: Draw, lastsMs: number): Carried[] {
  const all: Carried[] = []
  let tags = 0
  for (let n = draw.whole(ranges.lying); n > 0; n--) {
    const path = routes.lying(draw)
    const act: Act = {
      ...{ happening: { what: 'lying', direction: null }, epc: epcOf(tags++), from: 0 },
      ...{ door: lastsMs / 2, to: lastsMs, reads: 0 },
    }
    all.push({ act, path })
  }
  const outside: string[] = []
  for (let at = 5000; at < lastsMs - 60_000; ) {
    const happening = draw.pick(program)
    const route = happening.what === 'passage' ? happening.direction : happening.what
    const path = routes[route as 'out'](draw)
    const pile = happening.what === 'lying' ? 0 : draw.whole(ranges.pileOf)
    for (let n = 0; n < pile; n++) {
      const back = happening.direction === 'in' && draw.chance(0.6) ? outside.shift() : undefined
      const epc = back ?? epcOf(tags++)
      if (happening.direction === 'out') outside.push(epc)
      const act = {
        happening,
        epc,
        from: at,
        door: at + path.doorMs,
        to: at + path.lastsMs,
        reads: 0,
      }
      all.push({ act, path: path.beside(draw) })
    }
    at += path.lastsMs + draw.decades(ranges.pauseSeconds) * 1000
  }
  return all
}

const passage = (direction: Direction): Happening => ({ what: 'passage', direction })
const other = (what: 'turn' | 'trolley' | 'linger'): Happening => ({ what, direction: null })
const program = [
  ...[passage('out'), passage('out'), passage('out'), passage('in'), passage('in'), passage('in')],
  ...[other('turn'), other('turn'), other('trolley'), other('linger')],
]

/** The antennas take turns; within a dwell the tags in the field are asked one after the other. */
function inventory(draw: Draw, stream: GateStream, carried: readonly Carried[], dwellMs: number) {
  const radio = new Radio(draw)
  const attemptMs = draw.decades(ranges.attemptMs)
  const bodyDb = draw.between(ranges.bodyDb)
  const blocks = blocksOf(draw, stream)
  const lost = draw.between(ranges.lost)
  let channel = draw.whole([0, 15])
  let hopAt = 0
  for (let turn = 0, at = 0; at < stream.lastsMs; turn++, at += dwellMs) {
    const antenna = stream.antennas[turn % stream.antennas.length] as number
    if (at >= hopAt) {
      channel = draw.whole([0, 15])
      hopAt = at + draw.between(ranges.channelMs)
    }
    const here = carried.filter((c) => at >= c.act.from && at < c.act.to)
    if (here.length === 0) continue
    const rounds = Math.max(1, Math.floor(dwellMs / (attemptMs * (here.length + 1))))
    for (let round = 0; round < rounds; round++)
      for (const [i, { act, path }] of here.entries()) {
        const t = at + (round * (here.length + 1) + i) * attemptMs
        const where = path.at(t - act.from)
        const shade = shadeOf(path, t - act.from, where, radio.antenna(antenna), bodyDb)
        const block = blocks.find((b) => b.antenna === antenna && t >= b.from && t < b.to)
        const lossDb = shade + (block?.db ?? 0)
        const heard = radio.ask(draw, { epc: act.epc, lossDb }, antenna, where, channel)
        if (!heard || draw.chance(lost)) continue
        act.reads++
        const { phaseRad, rssiDbm } = heard
        stream.reads.push({
          at: t,
          read: {
            ...{ epc: act.epc, antenna, rssiDbm, count: 1, channel: channel + 1 },
            ...(stream.phase ? { phaseRad } : {}),
          },
        })
      }
  }
  stream.reads.sort((a, b) => a.at - b.at)
}

function blocksOf(draw: Draw, { antennas, lastsMs }: GateStream) {
  const every = draw.decades(ranges.blockEverySeconds) * 1000
  return antennas.flatMap((antenna) => {
    const blocks: { antenna: number; from: number; to: number; db: number }[] = []
    for (let from = draw.exponential(every); from < lastsMs; from += draw.exponential(every)) {
      const to = from + draw.decades(ranges.blockSeconds) * 1000
      blocks.push({ antenna, from, to, db: draw.between(ranges.blockDb) })
    }
    return blocks
  })
}

/** Boxes are carried in front: whoever walks away from an antenna stands between it and them. */
function shadeOf(path: Path, ms: number, here: Point, antenna: Point, bodyDb: number): number {
  const before = path.at(Math.max(0, ms - 100))
  const dx = here.x - before.x
  const dy = here.y - before.y
  if (Math.hypot(dx, dy) < 0.01) return 0
  return dx * (antenna.x - here.x) + dy * (antenna.y - here.y) < 0 ? bodyDb : 0
}
