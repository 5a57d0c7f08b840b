/**
 * Kinematics of one bank: carriages on a common rail, each with its own drive. Pure: a state and a time step
 * give the next state. Millimetres and millimetres a second; x is a carriage's left edge.
 */
export interface Rail {
  /** Rail order, the fixed column first. */
  readonly columns: readonly { readonly column: number; readonly widthMm: number }[]
  readonly railMm: number
  readonly aisleMm: number
}

export interface Drive {
  readonly speedMmS: number
  readonly accelMmS2: number
  /** Deceleration of the brake: light curtain, e-stop, mains loss. */
  readonly brakeMmS2: number
  /** A carriage waits until its neighbour has gone ahead this far: starting currents come one by one. */
  readonly followMm: number
}

export const standardDrive: Drive = {
  speedMmS: 120,
  accelMmS2: 200,
  brakeMmS2: 2500,
  followMm: 150,
}

export interface Carriage {
  readonly x: number
  readonly v: number
  /** Where the drive takes it; null when the drive is off and the brake is on. */
  readonly target: number | null
}

const arrivedMm = 0.5
/** Buffers between closed carriages, so that no aisle of a closed bank is at full width. */
const slitMm = 12
const touchMm = 3
const inPlaceMm = 15

/** Left edges with the free width after column `aisle`. */
export function openPositions(rail: Rail, aisle: number): number[] {
  let x = 0
  return rail.columns.map((c) => {
    const at = x
    x += c.widthMm + (c.column === aisle ? rail.aisleMm : 0)
    return at
  })
}

/** Packed towards the fixed column with buffer slits; what is left of the free width is at the end stop. */
export function closedPositions(rail: Rail): number[] {
  let x = 0
  return rail.columns.map((c) => {
    const at = x
    x += c.widthMm + slitMm
    return at
  })
}

/** The free width shared evenly among all aisles. */
export function ventilatedPositions(rail: Rail): number[] {
  const gap = rail.aisleMm / rail.columns.length
  let x = 0
  return rail.columns.map((c) => {
    const at = x
    x += c.widthMm + gap
    return at
  })
}

/** Free width to the right of each carriage. */
export function gaps(rail: Rail, carriages: readonly Carriage[]): number[] {
  return carriages.map((c, i) => {
    const next = carriages[i + 1]?.x ?? rail.railMm
    return next - c.x - (rail.columns[i]?.widthMm ?? 0)
  })
}

/** The aisle at full width with every other one shut, or null. */
export function openAisleOf(rail: Rail, carriages: readonly Carriage[]): number | null {
  const g = gaps(rail, carriages)
  const i = g.findIndex((gap) => gap >= rail.aisleMm - inPlaceMm)
  return i < 0 ? null : (rail.columns[i]?.column ?? null)
}

/** True when every aisle is as wide as every other. */
export function isVentilated(rail: Rail, carriages: readonly Carriage[]): boolean {
  const even = rail.aisleMm / rail.columns.length
  return gaps(rail, carriages).every((g) => Math.abs(g - even) <= touchMm)
}

/** Limit switches: closed when a carriage touches its neighbour or a stop on that side. */
export function limitSwitches(rail: Rail, carriages: readonly Carriage[]) {
  const g = gaps(rail, carriages)
  return carriages.map((c, i) => ({
    left: (i === 0 ? c.x : (g[i - 1] as number)) <= touchMm,
    right: (g[i] as number) <= touchMm,
  }))
}

export const anyMoving = (carriages: readonly Carriage[]) => carriages.some((c) => c.v !== 0)
export const anyDriven = (carriages: readonly Carriage[]) =>
  carriages.some((c) => c.target !== null)

/** Gives every carriage its target; the fixed one stays. */
export const driveTo = (carriages: readonly Carriage[], positions: readonly number[]): Carriage[] =>
  carriages.map((c, i) => {
    const target = positions[i] as number
    return i === 0 || Math.abs(target - c.x) <= arrivedMm ? c : { ...c, target }
  })

/** Drives off, brakes on. */
export const brake = (carriages: readonly Carriage[]): Carriage[] =>
  carriages.map((c) => ({ ...c, target: null }))

/** One step. `jammed` is the index of a carriage that will not move, or -1. */
export function step(
  rail: Rail,
  drive: Drive,
  carriages: readonly Carriage[],
  seconds: number,
  jammed = -1,
): Carriage[] {
  const next = [...carriages]
  const move = (i: number, direction: 1 | -1) => {
    const c = next[i] as Carriage
    if (i === jammed) next[i] = { ...c, v: 0 }
    else next[i] = advance(c, seconds, drive, room(rail, next, i, direction), direction)
  }
  // The one in front moves first, so that a follower sees the room that it has left.
  for (let i = 1; i < next.length; i++) if (directionOf(next[i] as Carriage) < 0) move(i, -1)
  for (let i = next.length - 1; i > 0; i--) if (directionOf(next[i] as Carriage) > 0) move(i, 1)
  return next
}

const directionOf = (c: Carriage) =>
  c.v !== 0 ? Math.sign(c.v) : c.target === null ? 0 : Math.sign(c.target - c.x)

/** Free way ahead, and whether the neighbour ahead is still under way. */
function room(rail: Rail, all: readonly Carriage[], i: number, direction: 1 | -1) {
  const c = all[i] as Carriage
  const width = (k: number) => rail.columns[k]?.widthMm ?? 0
  const ahead = all[i + direction]
  const free =
    direction < 0
      ? c.x - ((ahead?.x ?? 0) + (ahead ? width(i - 1) : 0))
      : (ahead?.x ?? rail.railMm) - c.x - width(i)
  return { free: Math.max(0, free), busy: ahead !== undefined && ahead.target !== null }
}

function advance(
  c: Carriage,
  seconds: number,
  drive: Drive,
  way: { free: number; busy: boolean },
  direction: 1 | -1,
): Carriage {
  const speed = Math.abs(c.v)
  if (c.target === null) {
    const slower = Math.max(0, speed - drive.brakeMmS2 * seconds)
    const travelled = Math.min(way.free, ((speed + slower) / 2) * seconds)
    return {
      ...c,
      x: c.x + direction * travelled,
      v: travelled < way.free ? direction * slower : 0,
    }
  }
  if (speed === 0 && way.busy && way.free < drive.followMm) return c
  const toTarget = Math.max(0, (c.target - c.x) * direction)
  const left = Math.min(toTarget, way.free)
  const wanted = Math.min(
    drive.speedMmS,
    speed + drive.accelMmS2 * seconds,
    Math.sqrt(2 * drive.accelMmS2 * left),
  )
  const travelled = Math.min(left, wanted * seconds)
  if (toTarget - travelled <= arrivedMm) return { x: c.target, v: 0, target: null }
  return { ...c, x: c.x + direction * travelled, v: left - travelled > 0 ? direction * wanted : 0 }
}
