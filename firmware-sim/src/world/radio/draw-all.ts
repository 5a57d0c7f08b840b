/** An object of numbers, drawn from an object of ranges. */
import type { Rng } from '../rng.ts'
import { between, type Range } from './range.ts'

export type EachBetween<T> = { readonly [K in keyof T]: Range }

export function drawAll<T extends object>(ranges: EachBetween<T>, rng: Rng): T {
  const entries = Object.entries(ranges) as [string, Range][]
  return Object.fromEntries(entries.map(([key, range]) => [key, between(rng, range)])) as T
}
