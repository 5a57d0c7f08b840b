/**
 * One inventory round of Gen2: frames of 2^Q slots, in which tags answer where chance puts them, and a Q that follows
 * what was heard (locating 3). Time is in microseconds.
 */
import type { Rng } from '../rng.ts'

export interface Gen2Settings {
  readonly emptyUs: number
  readonly collisionUs: number
  readonly successUs: number
  /** Query, settling of the carrier, and what else a round costs before its first slot. */
  readonly queryUs: number
  /** Step of the floating Q, 0.1 to 0.5. */
  readonly c: number
  /** Chance that the strongest of a collision is decoded. */
  readonly capture: number
}

export interface Answer {
  /** Index among the tags that took part. */
  readonly tag: number
  readonly atUs: number
}

/** The floating Q that a reader carries from one round to the next. */
export interface FloatingQ {
  q: number
}

const largestQ = 15

/**
 * `strength` orders those that take part: the strongest is the one that capture decodes. Ends when a whole frame had
 * no collision, or after `limitUs`.
 */
export function inventoryRound(
  strength: readonly number[],
  settings: Gen2Settings,
  floating: FloatingQ,
  limitUs: number,
  rng: Rng,
): { readonly answers: Answer[]; readonly lastsUs: number } {
  const answers: Answer[] = []
  let waiting = strength.map((_, i) => i)
  let at = settings.queryUs
  let collided = true
  while (collided && at < limitUs) {
    const frame = playFrame(waiting, strength, settings, floating, limitUs, at, rng)
    const done = new Set(frame.answers.map((a) => a.tag))
    answers.push(...frame.answers)
    waiting = waiting.filter((tag) => !done.has(tag))
    at = frame.endUs
    collided = frame.again
  }
  return { answers, lastsUs: at }
}

interface Frame {
  readonly answers: Answer[]
  readonly endUs: number
  /** Somebody was not heard, or Q moved before the last slot: another frame follows. */
  readonly again: boolean
}

function playFrame(
  waiting: readonly number[],
  strength: readonly number[],
  s: Gen2Settings,
  floating: FloatingQ,
  limitUs: number,
  startUs: number,
  rng: Rng,
): Frame {
  const q = Math.round(floating.q)
  const slots = slotted(waiting, 2 ** q, rng)
  const answers: Answer[] = []
  let at = startUs
  let again = false
  for (let slot = 0; slot < 2 ** q && at < limitUs; slot++) {
    const here = slots.get(slot) ?? []
    const heard = here.length > 1 && !rng.chance(s.capture) ? null : strongestOf(here, strength)
    if (heard !== null) answers.push({ tag: heard, atUs: at + s.successUs / 2 })
    if (here.length > 1) again = true
    at += lasts(here.length, heard, s)
    floating.q = follow(floating.q, here.length, s.c)
    if (Math.round(floating.q) !== q) return { answers, endUs: at, again: true }
  }
  return { answers, endUs: at, again }
}

function slotted(waiting: readonly number[], slots: number, rng: Rng): Map<number, number[]> {
  const bySlot = new Map<number, number[]>()
  for (const tag of waiting) {
    const slot = rng.int(0, slots - 1)
    const here = bySlot.get(slot)
    if (here) here.push(tag)
    else bySlot.set(slot, [tag])
  }
  return bySlot
}

function lasts(count: number, heard: number | null, s: Gen2Settings): number {
  if (heard !== null) return s.successUs
  return count > 1 ? s.collisionUs : s.emptyUs
}

function follow(q: number, count: number, c: number): number {
  if (count === 0) return Math.max(0, q - c)
  return count > 1 ? Math.min(largestQ, q + c) : q
}

function strongestOf(tags: readonly number[], strength: readonly number[]): number | null {
  let best: number | null = null
  for (const tag of tags)
    if (best === null || (strength[tag] as number) > (strength[best] as number)) best = tag
  return best
}
