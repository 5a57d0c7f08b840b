/** How a cart is walked along a face: where it truly is at each moment. Pure; the same plan gives the same walk. */
import { Rng } from '../rng.ts'

/** Millimetres along the face. The cart stands at `fromMm` before the walk and at `toMm` after it. */
export interface WalkPlan {
  readonly fromMm: number
  readonly toMm: number
  /** Mean speed; people keep it within a fifth (locating 3). */
  readonly speedMmPerS: number
  readonly seed: string
  /** Wall milliseconds of the first step: the one clock that all workers of this machine share. Left out: at once. */
  readonly startsAtMs?: number
  /** To and fro for ever, at an even pace, with a rest at each end: a device that runs alone. */
  readonly shuttles?: boolean
}

const stepMs = 100
const restSteps = 4
const unevenness = 0.2
/** Share of the former speed in the next one, so that a person speeds up and slows down over a second or so. */
const inertia = 0.9

export class CartMotion {
  readonly plan: WalkPlan
  readonly #startsAtMs: number
  /** True x at each `stepMs` of the walk. */
  readonly #xMm: readonly number[]

  /** @param nowMs wall milliseconds at which the plan was heard of */
  constructor(plan: WalkPlan, nowMs: number) {
    this.plan = plan
    this.#startsAtMs = plan.startsAtMs ?? nowMs
    this.#xMm = plan.shuttles ? shuttle(plan) : steps(plan)
  }

  get lastsMs(): number {
    return (this.#xMm.length - 1) * stepMs
  }

  /** @param nowMs wall milliseconds */
  xAt(nowMs: number): number {
    const since = Math.max(0, nowMs - this.#startsAtMs)
    const at = (this.plan.shuttles ? since % this.lastsMs : Math.min(since, this.lastsMs)) / stepMs
    const i = Math.floor(at)
    const a = this.#xMm[i] as number
    return a + (at - i) * ((this.#xMm[i + 1] ?? a) - a)
  }

  /** Announced, or under way. */
  isPending(nowMs: number): boolean {
    return this.plan.shuttles === true || nowMs < this.#startsAtMs + this.lastsMs
  }
}

function steps({ fromMm, toMm, speedMmPerS, seed }: WalkPlan): number[] {
  const rng = new Rng(`${seed}/motion`)
  const way = Math.sign(toMm - fromMm)
  const xs = [fromMm]
  let pace = 1
  for (let x = fromMm; way * (toMm - x) > 0; xs.push(x)) {
    const drawn = 1 + rng.normal() * unevenness * Math.sqrt(1 - inertia ** 2)
    pace = inertia * pace + (1 - inertia) + (drawn - 1)
    pace = Math.min(1 + unevenness, Math.max(1 - unevenness, pace))
    x += (way * speedMmPerS * pace * stepMs) / 1000
    if (way * (toMm - x) < 0) x = toMm
  }
  return xs
}

function shuttle({ fromMm, toMm, speedMmPerS }: WalkPlan): number[] {
  const count = Math.max(1, Math.ceil((Math.abs(toMm - fromMm) / speedMmPerS) * (1000 / stepMs)))
  const out = Array.from({ length: count + 1 }, (_, i) => fromMm + ((toMm - fromMm) * i) / count)
  const rest = (x: number) => Array.from({ length: restSteps }, () => x)
  return [...out, ...rest(toMm), ...out.toReversed(), ...rest(fromMm)]
}
