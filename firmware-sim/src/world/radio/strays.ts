/** Tags that are read and do not stand on this face: behind it, across the aisle, on the cart, in a pocket. */
import type { Rng } from '../rng.ts'
import type { Board } from './face.ts'
import type { Point } from './geometry.ts'
import { between, type Range } from './range.ts'
import type { Steel } from './steel.ts'

interface StrayPlace {
  readonly weight: number
  readonly rides: boolean
  /** Beyond that of a box on the face, one way; below zero: it faces the antennas better. */
  readonly lossDb: Range
  at(around: Around, rng: Rng): Point
}

export interface Around {
  readonly boards: readonly Board[]
  readonly depthMm: number
  readonly steel: Steel
}

export interface StrayTag {
  readonly at: Point
  readonly rides: boolean
  readonly lossDb: number
}

const alongFace = ({ boards }: Around, rng: Rng) => {
  const { fromMm, toMm, heightMm } = rng.pick(boards)
  return { xMm: between(rng, [fromMm, toMm]), zMm: heightMm }
}

const places: readonly StrayPlace[] = [
  {
    weight: 5,
    rides: false,
    lossDb: [4, 16],
    at: (around, rng) => ({
      ...alongFace(around, rng),
      yMm: around.depthMm + 2 * around.steel.panelMm,
    }),
  },
  {
    weight: 2,
    rides: false,
    lossDb: [-8, 2],
    at: (around, rng) => ({ ...alongFace(around, rng), yMm: -around.steel.oppositeMm }),
  },
  {
    weight: 2,
    rides: true,
    lossDb: [0, 10],
    at: (_, rng) => ({
      xMm: between(rng, [250, 700]) * (rng.chance(0.5) ? 1 : -1),
      yMm: between(rng, [-200, 250]),
      zMm: between(rng, [300, 1200]),
    }),
  },
  {
    weight: 1,
    rides: true,
    lossDb: [4, 14],
    at: (_, rng) => ({
      xMm: between(rng, [-500, 200]),
      yMm: between(rng, [-450, -200]),
      zMm: between(rng, [800, 1300]),
    }),
  },
]

export function drawStray(around: Around, rng: Rng): StrayTag {
  const tickets = places.flatMap((place) => Array.from({ length: place.weight }, () => place))
  const place = rng.pick(tickets)
  return { at: place.at(around, rng), rides: place.rides, lossDb: between(rng, place.lossDb) }
}
