/** What truly is on one face while the cart is before it: plain data, which goes to the devices of the cart as it is. */
import type { Board } from '../radio/face.ts'

export interface TrueRow {
  readonly board: Board
  /** What stands there, from left to right. */
  readonly boxes: readonly { readonly epc: string; readonly thicknessMm: number }[]
  /** Of its shelf tags, left and right. */
  readonly references: readonly [string, string]
  /** Something of steel stands before it: nothing behind can be read. */
  readonly obstructed: boolean
}

export interface FaceTruth {
  /** The same face looks the same to the radio on each visit. */
  readonly seed: string
  readonly rows: readonly TrueRow[]
  /** EPCs of tags that will never answer again. */
  readonly dead: readonly string[]
  readonly antennas: number
}
