/**
 * How a device's own clock stands to ours, by least delay: what a device says comes a little late and now and then much
 * too late, but never too early. The line under all delays is therefore the clock, but for the least of them (Moon, Skelly
 * and Towsley, INFOCOM 1999). Microseconds. Pure.
 */

interface Point {
  readonly device: number
  /** Ours when it was heard, less `device`. */
  readonly delay: number
}

/** One point is kept of each such time: the one that came fastest. */
const bucketUs = 1_000_000
/** In a shorter time a drift of 50 ppm is less than the delays vary. */
const driftAfterUs = 60_000_000
/** No crystal is worse. */
const worstDrift = 200e-6
/**
 * A clock that was set: no delay is that much less than the least until now, and no report is of so long before another.
 * What a reader held back comes later, never earlier; a recording begins with a device that is heard at once.
 */
const setUs = 1_000_000

export class ClockLine {
  readonly #least = new Map<number, Point>()
  #leastDelay = Number.POSITIVE_INFINITY
  #last = Number.NEGATIVE_INFINITY

  /** False: this clock was set since the last one taken, so that another line begins. */
  take(device: number, heard: number): boolean {
    const delay = heard - device
    const isFirst = this.#least.size === 0
    if (!isFirst && (device < this.#last - setUs || delay < this.#leastDelay - setUs)) return false
    this.#last = Math.max(this.#last, device)
    this.#leastDelay = Math.min(this.#leastDelay, delay)
    const bucket = Math.floor(device / bucketUs)
    const known = this.#least.get(bucket)
    if (!known || delay < known.delay) this.#least.set(bucket, { device, delay })
    return true
  }

  /** What is added to the device's time to have ours. */
  line(): (device: number) => number {
    const points = [...this.#least.values()].sort((a, b) => a.device - b.device)
    const [first] = points
    const last = points.at(-1)
    if (!first || !last || last.device - first.device < driftAfterUs) return () => this.#leastDelay
    const [a, b] = edgeUnder(hullBelow(points), (first.device + last.device) / 2)
    const slope = (b.delay - a.delay) / (b.device - a.device)
    const drift = Math.max(-worstDrift, Math.min(worstDrift, slope))
    return (device) => a.delay + drift * (device - a.device)
  }
}

/** The lower convex hull, left to right. */
function hullBelow(points: readonly Point[]): Point[] {
  const hull: Point[] = []
  for (const p of points) {
    while (hull.length > 1 && !turnsUp(hull.at(-2) as Point, hull.at(-1) as Point, p)) hull.pop()
    hull.push(p)
  }
  return hull
}

const turnsUp = (a: Point, b: Point, c: Point) =>
  (b.delay - a.delay) * (c.device - b.device) < (c.delay - b.delay) * (b.device - a.device)

/** Among all lines under the points the one through the middle edge lies nearest to them on the mean. */
function edgeUnder(hull: readonly Point[], middle: number): [Point, Point] {
  const at = hull.findIndex((p) => p.device > middle)
  return [hull[at - 1] as Point, hull[at] as Point]
}
