import type { Pose } from '@lantai/contracts'
import type { TrackConstants } from './constants.ts'

/** One walk along the face in one direction, without a stop of many seconds: poses[from…to], both included. */
export interface Pass {
  from: number
  to: number
  /** 1 to the right, −1 to the left, 0 where it stood. */
  direction: -1 | 0 | 1
}

/** Where the cart was, by its odometer. */
export interface Track {
  at: Float64Array
  x: Float64Array
  passes: Pass[]
}

/** Longest time between two poses that is still one movement, µs; two poses alone are a walk at even speed. */
function longestStep(at: Float64Array, constants: TrackConstants): number {
  const steps = at.subarray(1).map((t, i) => t - (at[i] as number))
  const median = steps.slice().sort()[steps.length >> 1] as number
  return Math.max(constants.pauseUs, 20 * median)
}

/**
 * Cuts the poses into passes: where the cart went back by more than the odometer trembles, where it jumped, and where
 * it stood still, or said nothing, for many seconds.
 */
export function trackOf(poses: readonly Pose[], constants: TrackConstants): Track {
  const at = Float64Array.from(poses, (p) => p.at)
  const x = Float64Array.from(poses, (p) => p.xMm)
  return { at, x, passes: cut(at, x, longestStep(at, constants), constants) }
}

function cut(at: Float64Array, x: Float64Array, longest: number, c: TrackConstants): Pass[] {
  const passes: Pass[] = []
  let from = 0
  /** The farthest pose in the direction of this pass: where it turns, the next pass begins there. */
  let farthest = 0
  let direction: -1 | 0 | 1 = 0
  const end = (to: number, next: number) => {
    passes.push({ from, to, direction })
    from = farthest = next
    direction = 0
  }
  for (let i = 1; i < x.length; i++) {
    const step = (x[i] as number) - (x[i - 1] as number)
    const dt = (at[i] as number) - (at[i - 1] as number)
    if (dt > longest || Math.abs(step) > Math.max(c.jumpMm, (c.fastestMmPerS * dt) / 1e6)) {
      end(i - 1, i)
      continue
    }
    const gone = (x[i] as number) - (x[farthest] as number)
    if (direction === 0 && Math.abs(gone) > c.trembleMm) direction = gone > 0 ? 1 : -1
    if (direction === 0) continue
    if (gone * direction > 0) {
      const stood = (at[i] as number) - (at[farthest] as number)
      if (stood > c.pauseUs && i - 1 > farthest) end(farthest, i - 1)
      farthest = i
    } else if (-gone * direction > c.trembleMm) end(farthest, farthest)
  }
  passes.push({ from, to: x.length - 1, direction })
  return passes.filter((p) => p.to > p.from)
}

/** Finds the pass and the x of a moment; moments that come in order cost nothing to find. */
export class TrackCursor {
  readonly #track: Track
  readonly #slackUs: number
  /** Index of the pose at or before the last moment asked for. */
  #near = 0
  readonly #passOf: Int32Array
  pass = -1
  x = Number.NaN

  constructor(track: Track, constants: TrackConstants) {
    this.#track = track
    this.#slackUs = constants.slackUs
    this.#passOf = new Int32Array(track.at.length).fill(-1)
    for (const [p, pass] of track.passes.entries()) this.#passOf.fill(p, pass.from, pass.to)
  }

  /** False where the moment lies on no pass; else `pass` and `x` (odometer, mm) are set. */
  seek(at: number): boolean {
    const { at: times, x } = this.#track
    const last = times.length - 1
    if (at < (times[0] as number) - this.#slackUs || at > (times[last] as number) + this.#slackUs)
      return false
    const i = Math.min(this.#find(at), last - 1)
    const p = this.#passOf[i] as number
    if (p < 0) return false
    const t0 = times[i] as number
    const share = (at - t0) / ((times[i + 1] as number) - t0)
    this.pass = p
    this.x =
      (x[i] as number) + Math.max(0, Math.min(1, share)) * ((x[i + 1] as number) - (x[i] as number))
    return true
  }

  #find(at: number): number {
    const times = this.#track.at
    const here = (i: number) =>
      (times[i] as number) <= at && at < (times[i + 1] ?? Number.POSITIVE_INFINITY)
    for (let i = this.#near; i < Math.min(this.#near + 4, times.length); i++)
      if (here(i)) {
        this.#near = i
        return i
      }
    let low = 0
    let high = times.length - 1
    while (low < high) {
      const mid = (low + high + 1) >> 1
      if ((times[mid] as number) <= at) low = mid
      else high = mid - 1
    }
    this.#near = low
    return low
  }
}
