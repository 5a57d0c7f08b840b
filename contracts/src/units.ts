/** Branded numbers, so that a second is never taken for a millisecond nor a floor for a face (architecture 6). */
declare const unit: unique symbol
type Branded<N extends string> = number & { readonly [unit]: N }

/** A duration in milliseconds. */
export type Millis = Branded<'ms'>
export const millis = (n: number): Millis => n as Millis
export const seconds = (n: number): Millis => (n * 1000) as Millis
export const minutes = (n: number): Millis => (n * 60_000) as Millis
export const hours = (n: number): Millis => (n * 3_600_000) as Millis

/** Millimetres of the room: origin at its north-west corner, x to the east, y to the south. */
export interface FloorPoint {
  readonly frame?: 'floor'
  xMm: number
  yMm: number
}
