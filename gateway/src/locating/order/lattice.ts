import type { OrderConstants } from '../constants.ts'
import { lnAdd } from '../math.ts'
import { type Front, foresee, type RowBox, type Slot, type Stand } from './packing.ts'

export interface ShelfOrder {
  /** Indices of the boxes, from left to right. */
  order: Int32Array
  /** Probability, by box, that this rank is right given that these boxes stand here. */
  rank: Float64Array
  /** Probability, by box, that it stands out of the catalogue's sequence; 0 for a box without a slot. */
  moved: Float64Array
  /** Where it stands, by box, with its neighbours' word; mm of the rail. */
  x: Float64Array
  sigma: Float64Array
}

/**
 * A partial order: these boxes are placed. Paths that placed the same boxes with the same last one and the same place
 * in the catalogue are one node.
 */
interface Node {
  /** Bits of the boxes placed. */
  placed: Uint32Array
  /** Sum of the marks of the boxes placed: tells sets apart. */
  key: number
  last: number
  /** The slot of the last box that stands in sequence. */
  pointer: number
  front: Front
  stand: Stand
  /** ln of the sum over all paths hither, and of the best of them. */
  forward: number
  best: number
  bestFrom: Node | null
  backward: number
  edges: { from: Node; ln: number; moved: boolean }[]
}

const nothing = Number.NEGATIVE_INFINITY

const has = (placed: Uint32Array, i: number): boolean =>
  (((placed[i >> 5] as number) >>> (i & 31)) & 1) === 1

function withBox(placed: Uint32Array, i: number): Uint32Array {
  const out = placed.slice()
  out[i >> 5] = (out[i >> 5] as number) | (1 << (i & 31))
  return out
}

/** A number below 2^44 of its own for every box (splitmix): sums of them tell sets apart. */
function markOf(i: number): number {
  let z = Math.imul(i + 1, 0x9e3779b9)
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
  const high = (z ^ (z >>> 16)) >>> 20
  const low = Math.imul(z ^ 0x5bd1e995, 0x27d4eb2f) >>> 0
  return high * 4_294_967_296 + low
}

class Search {
  readonly #boxes: readonly RowBox[]
  readonly #slots: readonly Slot[]
  readonly #c: OrderConstants
  /** ln odds that a box is out of sequence, and at one given place. */
  readonly #lnMoved: number
  /** What is given back of it where two neighbours changed places, which is commoner than any other place. */
  readonly #lnExchange: number
  /** Slot → box that was read here, −1 for none. */
  readonly #boxOf: Int32Array
  /** Box → the box of the next slot that was read here, −1 for none. */
  readonly #nextOf: Int32Array

  constructor(boxes: readonly RowBox[], slots: readonly Slot[], c: OrderConstants) {
    this.#boxes = boxes
    this.#slots = slots
    this.#c = c
    this.#lnMoved = Math.log(c.moved / (1 - c.moved)) - Math.log(Math.max(2, boxes.length))
    this.#boxOf = new Int32Array(slots.length).fill(-1)
    for (const [i, b] of boxes.entries()) if (b.slot >= 0) this.#boxOf[b.slot] = i
    this.#lnExchange = Math.log(Math.max(1, boxes.length * c.exchanged))
    this.#nextOf = new Int32Array(boxes.length).fill(-1)
    let next = -1
    for (let s = slots.length - 1; s >= 0; s--) {
      const i = this.#boxOf[s] as number
      if (i < 0) continue
      this.#nextOf[i] = next
      next = i
    }
  }

  /** One step: every node with its next boxes; the best of the results. */
  step(nodes: readonly Node[]): Node[] {
    const found = new Map<number, Node>()
    for (const node of nodes) this.#expand(node, found)
    const all = [...found.values()].sort((a, b) => b.forward - a.forward)
    const floor = (all[0]?.forward ?? 0) - this.#c.beamLn
    return all.filter((n, i) => i < this.#c.beam && n.forward >= floor)
  }

  #expand(node: Node, found: Map<number, Node>) {
    let tried = this.#inSequence(node, found)
    for (const [i, box] of this.#boxes.entries()) {
      if (has(node.placed, i) || !this.#isNear(node, box)) continue
      this.#place(node, i, node.pointer, this.#lnAstray(node, box), box.slot >= 0, found)
      tried++
    }
    if (tried > 0) return
    // Only boxes are left that were looked for left of here: they have to stand somewhere.
    for (const [i, box] of this.#boxes.entries())
      if (!has(node.placed, i))
        this.#place(node, i, node.pointer, this.#lnAstray(node, box), box.slot >= 0, found)
  }

  /** The next boxes of the catalogue; those passed over can only stand out of sequence. */
  #inSequence(node: Node, found: Map<number, Node>): number {
    let tried = 0
    let skipped = 0
    for (let s = node.pointer + 1; s < this.#slots.length && tried < this.#c.window; s++) {
      const i = this.#boxOf[s] as number
      if (i < 0 || has(node.placed, i)) continue
      this.#place(node, i, s, skipped, false, found)
      skipped += this.#lnMoved
      tried++
    }
    return tried
  }

  /** Whether the reads of a box fit near the front, or left of it, so that it was overlooked. */
  #isNear({ front }: Node, box: RowBox): boolean {
    const middle = front.edge + (box.thicknessMm ?? this.#c.unknownThicknessMm) / 2
    const blur = 3 * Math.sqrt(front.variance)
    if (box.at < middle - this.#c.reachMm) return true
    return box.modes.some(
      (m) =>
        m.weight >= this.#c.leastWeight &&
        Math.abs(m.x - middle) <= this.#c.reachMm + blur + 2 * m.sigma,
    )
  }

  /** Passed over before, it was charged then; of another shelf, or none, it has no sequence. */
  #lnAstray(node: Node, box: RowBox): number {
    return box.slot > node.pointer ? this.#lnMoved : 0
  }

  #place(
    node: Node,
    i: number,
    pointer: number,
    cost: number,
    moved: boolean,
    found: Map<number, Node>,
  ) {
    const box = this.#boxes[i] as RowBox
    const passed = node.pointer + 1
    const { ln, front, stand } = foresee(node.front, box, this.#slots, passed, pointer, this.#c)
    const exchange = node.last >= 0 && this.#nextOf[i] === node.last ? this.#lnExchange : 0
    const total = ln + cost + exchange
    const set = node.key + markOf(i)
    // Sets stay below 2^52; last box and pointer go in as marks of their own.
    const key = set + markOf(4096 + i) / 4 + markOf(8192 + pointer) / 8
    const edge = { from: node, ln: total, moved }
    const known = found.get(key)
    if (known) {
      merge(known, edge, node, front, stand)
      return
    }
    found.set(key, {
      placed: withBox(node.placed, i),
      key: set,
      last: i,
      pointer,
      front,
      stand,
      forward: node.forward + total,
      best: node.best + total,
      bestFrom: node,
      backward: nothing,
      edges: [edge],
    })
  }
}

function merge(known: Node, edge: Node['edges'][number], from: Node, front: Front, stand: Stand) {
  known.forward = lnAdd(known.forward, from.forward + edge.ln)
  known.edges.push(edge)
  const best = from.best + edge.ln
  if (best <= known.best) return
  known.best = best
  known.bestFrom = from
  known.front = front
  known.stand = stand
}

/**
 * The order of the boxes of one shelf, by catalogue, widths and radio together (locating 6.11): a search from the left
 * over partial orders, exact but for what falls out of the beam, then forward and backward sums for the probabilities.
 */
export function orderShelf(
  boxes: readonly RowBox[],
  slots: readonly Slot[],
  front: Front,
  c: OrderConstants,
): ShelfOrder {
  const search = new Search(boxes, slots, c)
  const root: Node = {
    placed: new Uint32Array((boxes.length >> 5) + 1),
    key: 0,
    last: -1,
    pointer: -1,
    front,
    stand: { foretold: 0, foretoldVariance: 0, middle: 0, variance: 0 },
    forward: 0,
    best: 0,
    bestFrom: null,
    backward: nothing,
    edges: [],
  }
  const layers: Node[][] = [[root]]
  for (let k = 0; k < boxes.length; k++) layers.push(search.step(layers[k] as Node[]))
  return readLattice(layers, boxes.length)
}

function readLattice(layers: readonly Node[][], n: number): ShelfOrder {
  const ends = layers[n] as Node[]
  let total = nothing
  for (const node of ends) {
    node.backward = 0
    total = lnAdd(total, node.forward)
  }
  const moved = new Float64Array(n)
  for (let k = n; k > 0; k--)
    for (const node of layers[k] as Node[])
      for (const { from, ln, moved: isMoved } of node.edges) {
        from.backward = lnAdd(from.backward, node.backward + ln)
        if (isMoved)
          moved[node.last] =
            (moved[node.last] as number) + Math.exp(from.forward + ln + node.backward - total)
      }
  const path = bestPath(ends)
  const order = Int32Array.from(path, (node) => node.last)
  const rank = new Float64Array(n)
  for (const [k, box] of order.entries())
    for (const node of layers[k + 1] as Node[])
      if (node.last === box)
        rank[box] = (rank[box] as number) + Math.exp(node.forward + node.backward - total)
  const { x, sigma } = standing(path)
  return { order, rank, moved, x: apart(x, sigma, order), sigma }
}

function bestPath(ends: readonly Node[]): Node[] {
  const path: Node[] = []
  let node: Node | null = ends.reduce((a, b) => (b.best > a.best ? b : a))
  while (node && node.last >= 0) {
    path.push(node)
    node = node.bestFrom
  }
  return path.reverse()
}

/** Where the boxes of the best order stand: what is right of a box speaks for its place, too (Rauch, Tung, Striebel). */
function standing(path: readonly Node[]): { x: Float64Array; sigma: Float64Array } {
  const x = new Float64Array(path.length)
  const sigma = new Float64Array(path.length)
  let right: { middle: number; variance: number } | null = null
  for (let k = path.length - 1; k >= 0; k--) {
    const { stand, last } = path[k] as Node
    let { middle, variance } = stand
    const next = path[k + 1]?.stand
    if (right && next) {
      const gain = variance / next.foretoldVariance
      middle += gain * (right.middle - next.foretold)
      variance += gain * gain * (right.variance - next.foretoldVariance)
    }
    right = { middle, variance }
    x[last] = middle
    sigma[last] = Math.sqrt(Math.max(1, variance))
  }
  return { x, sigma }
}

/** Least distance between two middles that are told as one left of the other, mm. */
const apartMm = 1

/**
 * Places that keep the order: where two would stand the wrong way round, both move towards each other as far as they
 * are unsure (pool adjacent violators).
 */
function apart(x: Float64Array, sigma: Float64Array, order: Int32Array): Float64Array {
  const pools: { sum: number; weight: number; n: number }[] = []
  for (const [k, box] of order.entries()) {
    const weight = 1 / (sigma[box] as number) ** 2
    pools.push({ sum: weight * ((x[box] as number) - k * apartMm), weight, n: 1 })
    for (;;) {
      const [left, last] = [pools.at(-2), pools.at(-1)]
      if (!left || !last || left.sum / left.weight <= last.sum / last.weight) break
      const both = { sum: left.sum + last.sum, weight: left.weight + last.weight }
      pools.splice(-2, 2, { ...both, n: left.n + last.n })
    }
  }
  const out = x.slice()
  let k = 0
  for (const { sum, weight, n } of pools)
    for (let i = 0; i < n; i++, k++) out[order[k] as number] = sum / weight + k * apartMm
  return out
}
