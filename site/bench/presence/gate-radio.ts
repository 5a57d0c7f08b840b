/** The channel between the antennas of one gate and a tag (locating 3, in short): paths that interfere, a wall, bodies. */
import type { Draw } from './draw.ts'
import type { Point } from './gate-routes.ts'

const lightMPerS = 299_792_458
const hertz = (channel: number) => 920_625_000 + 250_000 * channel

const ranges = {
  doorHalfWidth: [0.5, 0.9],
  /** Along the way, before and behind the door. */
  antennaX: [0.3, 0.9],
  antennaY: [0.7, 1.1],
  antennaZ: [0.9, 1.8],
  /** cos^n of the angle off its axis, which points across the way. */
  beam: [0.8, 2.5],
  backDb: [-18, -9],
  /** Turned somewhat towards its own side. */
  turned: [0, 0.6],
  wallDb: [3, 15],
  mirrors: [3, 5],
  mirrorAt: [1.2, 4],
  mirrorGain: [0.15, 0.45],
  wakeDbm: [-21, -16],
  tagLossDb: [1, 9],
  powerDbm: [27, 31],
  /** People and doors that come and go: slow fades of what lies still. */
  driftDb: [1, 3.5],
} as const

interface Antenna {
  at: Point
  /** Unit vector. */
  axis: { x: number; y: number }
}

interface Tag {
  lossDb: number
  wakeDbm: number
  offset: number
  driftDb: number
  driftAt: number
}

/** A tag, and what is in its way just now, one way. */
interface Asked {
  epc: string
  lossDb: number
}

export class Radio {
  readonly #antennas = new Map<number, Antenna>()
  readonly #mirrors: { x: number; y: number; gain: number; turn: number }[]
  readonly #tags = new Map<string, Tag>()
  readonly #scene: Record<'door' | 'beam' | 'backDb' | 'wallDb' | 'powerDbm' | 'driftDb', number>
  readonly #cable: number

  constructor(draw: Draw) {
    const side = draw.chance(0.5) ? 1 : -1
    for (const [antenna, sign] of [
      [1, -1],
      [2, 1],
    ] as const) {
      const y = draw.between(ranges.antennaY) * (draw.chance(0.5) ? side : -side)
      const turned = draw.between(ranges.turned)
      this.#antennas.set(antenna, {
        at: { x: sign * draw.between(ranges.antennaX), y, z: draw.between(ranges.antennaZ) },
        axis: { x: sign * Math.sin(turned), y: -Math.sign(y) * Math.cos(turned) },
      })
    }
    this.#scene = {
      ...{ door: draw.between(ranges.doorHalfWidth), beam: draw.between(ranges.beam) },
      ...{ backDb: draw.between(ranges.backDb), wallDb: draw.between(ranges.wallDb) },
      ...{ powerDbm: draw.between(ranges.powerDbm), driftDb: draw.between(ranges.driftDb) },
    }
    this.#cable = draw.between([4, 12])
    this.#mirrors = Array.from({ length: draw.whole(ranges.mirrors) }, () => {
      const angle = draw.unit() * 2 * Math.PI
      const far = draw.between(ranges.mirrorAt)
      return {
        ...{ x: far * Math.cos(angle), y: far * Math.sin(angle) },
        ...{ gain: draw.between(ranges.mirrorGain), turn: draw.unit() * 2 * Math.PI },
      }
    })
  }

  antenna(n: number): Point {
    return (this.#antennas.get(n) as Antenna).at
  }

  /** One question; null when the tag does not wake. */
  ask(draw: Draw, of: Asked, antenna: number, tag: Point, channel: number) {
    const own = this.#tagOf(draw, of.epc)
    const k = (2 * Math.PI * hertz(channel)) / lightMPerS
    const { re, im } = this.#channel(this.#antennas.get(antenna) as Antenna, tag, k)
    const oneWayDb = 10 * Math.log10(re * re + im * im) + 6 - own.lossDb + own.driftDb - of.lossDb
    const { powerDbm } = this.#scene
    if (powerDbm + oneWayDb < own.wakeDbm) return null
    const back = powerDbm + 2 * oneWayDb - 6 + 0.5 * draw.normal()
    const cable = (4 * Math.PI * hertz(channel) * this.#cable) / lightMPerS
    const phase = -2 * Math.atan2(im, re) + cable + own.offset + 0.1 * draw.normal()
    const turn = 2 * Math.PI
    const steps = Math.floor(((((phase % turn) + turn) % turn) / turn) * 4096) % 4096
    return { rssiDbm: Math.round(back * 2) / 2, phaseRad: (steps / 4096) * turn }
  }

  /** Sum of paths, one way: e^(−jkd), so that the reported phase grows with distance. */
  #channel({ at, axis }: Antenna, tag: Point, k: number) {
    let re = 0
    let im = 0
    const add = (from: Point, amplitude: number, extra: number, turn: number) => {
      const dx = tag.x - from.x
      const dy = tag.y - from.y
      const d = Math.hypot(dx, dy, tag.z - from.z) + extra
      const flat = Math.hypot(dx, dy) || 1e-3
      const cos = (dx * axis.x + dy * axis.y) / flat
      const floor = 10 ** (this.#scene.backDb / 20)
      const gain = extra > 0 ? 1 : Math.max(floor, Math.max(0, cos) ** (this.#scene.beam / 2))
      const a = (amplitude * gain * this.#wall(from, tag)) / (2 * k * d)
      re += a * Math.cos(turn - k * d)
      im += a * Math.sin(turn - k * d)
    }
    add(at, 1, 0, 0)
    for (const m of this.#mirrors) {
      const leg = Math.hypot(m.x - at.x, m.y - at.y)
      add({ x: m.x, y: m.y, z: at.z }, m.gain, leg, m.turn)
    }
    return { re, im }
  }

  /** What is left of the amplitude when the straight line goes through the wall beside the door. */
  #wall(a: Point, b: Point): number {
    if (a.x * b.x >= 0) return 1
    const y = a.y + ((b.y - a.y) * -a.x) / (b.x - a.x)
    return Math.abs(y) <= this.#scene.door ? 1 : 10 ** (-this.#scene.wallDb / 20)
  }

  #tagOf(draw: Draw, epc: string): Tag {
    const old = this.#tags.get(epc)
    const tag = old ?? {
      ...{ lossDb: draw.between(ranges.tagLossDb), wakeDbm: draw.between(ranges.wakeDbm) },
      ...{ offset: draw.unit() * 2 * Math.PI, driftDb: 0, driftAt: 0 },
    }
    if (!old) this.#tags.set(epc, tag)
    // A random walk towards zero, a little at every question.
    tag.driftDb = 0.995 * tag.driftDb + 0.1 * this.#scene.driftDb * draw.normal()
    return tag
  }
}
