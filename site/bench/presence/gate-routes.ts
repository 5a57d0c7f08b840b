/** Ways of people with boxes near a door: positions in metres over milliseconds. */
import type { Draw } from './draw.ts'

export interface Point {
  x: number
  y: number
  /** Metres above the floor. */
  z: number
}

export interface Path {
  lastsMs: number
  /** When it is in the door, or at its nearest to it. */
  doorMs: number
  at(ms: number): Point
  /** Another box of the same pile. */
  beside(draw: Draw): Path
}

interface Stop {
  ms: number
  x: number
  y: number
}

const fromDoor = [2.8, 4.5] as const
const speed = [0.5, 1.7] as const

/** A walk over stops, in straight lines, with a little sway. */
function along(
  draw: Draw,
  stops: readonly Stop[],
  doorMs: number,
  z = draw.between([0.7, 1.4]),
): Path {
  const last = stops.at(-1) as Stop
  const sway = draw.between([0.01, 0.05])
  const at = (ms: number): Point => {
    const next = stops.findIndex((s) => s.ms > ms)
    const b = next < 0 ? last : (stops[next] as Stop)
    const a = next < 1 ? b : (stops[next - 1] as Stop)
    const share = b === a ? 0 : (ms - a.ms) / (b.ms - a.ms)
    const y = a.y + (b.y - a.y) * share + sway * Math.sin((2 * Math.PI * ms) / 1100)
    return { x: a.x + (b.x - a.x) * share, y, z }
  }
  return {
    ...{ lastsMs: last.ms, doorMs, at },
    beside: (d) => {
      const dx = 0.12 * d.normal()
      const dy = 0.12 * d.normal()
      const height = z + d.between([-0.25, 0.25])
      const moved = stops.map((s) => ({ ms: s.ms, x: s.x + dx, y: s.y + dy }))
      return along(d, moved, doorMs, height)
    },
  }
}

/** Stops reached one after the other at one speed, with waits. */
function walked(draw: Draw, points: readonly (readonly [x: number, y: number, waitMs?: number])[]) {
  const perMs = draw.between(speed) / 1000
  const stops: Stop[] = []
  let ms = 0
  for (const [x, y, wait] of points) {
    const before = stops.at(-1)
    if (before) ms += Math.hypot(x - before.x, y - before.y) / perMs
    stops.push({ ms, x, y })
    ms += wait ?? 0
    if (wait) stops.push({ ms, x, y })
  }
  return stops
}

function through(draw: Draw, sign: 1 | -1): Path {
  const start = -draw.between(fromDoor)
  const end = draw.between(fromDoor)
  const inDoor = draw.between([-0.25, 0.25])
  // Some have to open the door first.
  const wait = draw.chance(0.3) ? draw.between([800, 4000]) : 0
  const stops = walked(draw, [
    [sign * start, draw.between([-1.5, 1.5])],
    [sign * -0.5, inDoor, wait],
    [0, inDoor],
    [sign * 0.6, inDoor],
    [sign * end, draw.between([-1.5, 1.5])],
  ])
  const door = stops.find((s) => s.x === 0) as Stop
  return along(draw, stops, door.ms)
}

/** Comes near and goes back, mostly inside. */
function turn(draw: Draw, wait: number): Path {
  const sign = draw.chance(0.8) ? 1 : -1
  const nearest = draw.between([0.5, 1.6])
  const far = draw.between(fromDoor)
  const y = draw.between([-0.6, 0.6])
  const stops = walked(draw, [
    [-sign * far, draw.between([-1.5, 1.5])],
    [-sign * nearest, y, wait],
    [-sign * far, draw.between([-1.5, 1.5])],
  ])
  return along(draw, stops, (stops[1] as Stop).ms)
}

export const routes = {
  out: (draw: Draw) => through(draw, 1),
  in: (draw: Draw) => through(draw, -1),
  turn: (draw: Draw) => turn(draw, draw.between([0, 4000])),
  linger: (draw: Draw) => turn(draw, draw.between([10_000, 45_000])),
  /** Past the door, along the wall, on its inside. */
  trolley: (draw: Draw) => {
    const x = -draw.between([1, 2.6])
    const side = draw.chance(0.5) ? 1 : -1
    const stops = walked(draw, [
      [x, -4 * side],
      [x, 4 * side],
    ])
    return along(draw, stops, (stops[1] as Stop).ms / 2)
  },
  lying: (draw: Draw) => {
    const x = -draw.between([0.9, 4])
    const y = draw.between([-3, 3])
    const stops = [
      { ms: 0, x, y },
      { ms: 1e9, x, y },
    ]
    return { ...along(draw, stops, 5e8), at: () => ({ x, y, z: 1 }) }
  },
} as const
