/** The inventory cart of the demo store: in its corner, before a face, or walked along it. */
import type { Clock, WalkScene } from '@lantai/contracts'
import type { ToDevice } from '../../devices/messages.ts'
import type { Places } from '../places.ts'
import { CartMotion, type WalkPlan } from './motion.ts'
import { stageOf } from './stage.ts'
import { type Planted, storeFace } from './store-face.ts'
import type { FaceTruth } from './truth.ts'

/** Where the cart is, and what a surveyor wrote down of the face before it. */
export interface Visit {
  readonly face: string
  readonly standsAtMm: number
  readonly survey: Pick<WalkScene, 'antennas' | 'shelves' | 'references'>
}

/** Stands and ends so far before and behind the boards. */
const runOutMm = 750
/** Its reader goes on reading before a face; nobody wants that for ever. */
const forgottenMs = 120_000
/** Every device has heard of the walk by then. */
const beginsInMs = 250

/** The face is not there, or the cart is not before one. */
export class NoFace extends Error {}

export class Cart {
  readonly #seed: string
  readonly #places: Places
  readonly #clock: Clock
  #face: FaceTruth | null = null
  #visit: Visit | null = null
  #plan: WalkPlan | null = null
  #walks = 0
  #lastActMs = 0

  constructor(seed: string, places: Places, clock: Clock) {
    this.#seed = seed
    this.#places = places
    this.#clock = clock
  }

  /** What the devices of the cart are told, in order. */
  get messages(): ToDevice[] {
    if (!this.#face || !this.#visit) return [{ type: 'cart', cart: null }]
    const { standsAtMm } = this.#visit
    const stand: ToDevice = { type: 'cart', cart: { face: this.#face, standsAtMm } }
    return this.#plan ? [stand, { type: 'walk', walk: this.#plan }] : [stand]
  }

  /** Left before a face for minutes after its last walk. */
  get isForgotten(): boolean {
    return this.#visit !== null && this.#clock.now() - this.#lastActMs > forgottenMs
  }

  visit(face: string, planted: Planted): Visit {
    const truth = storeFace(this.#seed, face, this.#places, planted)
    if (truth.rows.length === 0) throw new NoFace(`no boxes on a face ${face}`)
    const from = Math.min(...truth.rows.map((r) => r.board.fromMm))
    const standsAtMm = from - runOutMm
    this.#face = truth
    this.#plan = null
    this.#visit = { face, standsAtMm, survey: stageOf(truth).survey }
    this.#lastActMs = this.#clock.now()
    return this.#visit
  }

  walk(speedMmPerS: number, back: boolean): void {
    if (!this.#face || !this.#visit) throw new NoFace('the cart stands in its corner')
    const left = this.#visit.standsAtMm
    const right = Math.max(...this.#face.rows.map((r) => r.board.toMm)) + runOutMm
    const startsAtMs = this.#clock.now() + beginsInMs
    const seed = `${this.#face.seed}/${++this.#walks}`
    const [fromMm, toMm] = back ? [right, left] : [left, right]
    this.#plan = { fromMm, toMm, speedMmPerS, seed, startsAtMs }
    this.#lastActMs = startsAtMs + new CartMotion(this.#plan, startsAtMs).lastsMs
  }

  away(): null {
    this.#face = null
    this.#visit = null
    this.#plan = null
    return null
  }
}
