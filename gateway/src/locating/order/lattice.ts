import type { OrderConstants } from '../constants.ts'
import { lnAdd } from '../math.ts'
import { type Front, foresee, type RowBox, type Slot } from './packing.ts'

export interface ShelfOrder {
  /** Indices of the boxes, from left to right. */
  order: Int32Array
  /** Probability, by box, that this rank is right given that these boxes stand here. */
  rank: Float64Array
  /** Probability, by box, that it stands out of the catalogue's sequence; 0 for a box without a slot. */
  moved: Float64Array
}

/**
 * A partial order: `base` boxes in order of x all placed, and those of `mask` beyond. Paths that placed the same boxes
 * with the same last one and the same place in the catalogue are one node.
 */
interface Node {
  base: number
  mask: number
  last: number
  /** The slot of the last box that stands in sequence. */
  pointer: number
  front: Front
  /** ln of the sum over all paths hither, and of the best of them. */
  forward: number
  best: number
  bestFrom: Node | null
  backward: number
  edges: { from: Node; ln: number; moved: boolean }[]
}

const windowBits = 16

class Search {
  readonly #boxes: readonly RowBox[]
  readonly #slots: readonly Slot[]
  readonly #c: OrderConstants
  /** ln odds that a box is out of sequence, and at one given place. */
  readonly #lnMoved: number
  /** Slot → box that was read here, −1 for none. */
  readonly #boxOf: Int32Array

  constructor(boxes: readonly RowBox[], slots: readonly Slot[], c: OrderConstants) {
    this.#boxes = boxes
    this.#slots = slots
    this.#c = c
    this.#lnMoved = Math.log(c.moved / (1 - c.moved)) - Math.log(Math.max(2, boxes.length))
    this.#boxOf = new Int32Array(slots.length).fill(-1)
    for (const [i, b] of boxes.entries()) if (b.slot >= 0) this.#boxOf[b.slot] = i
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
    const n = this.#boxes.length
    const first = this.#boxes[node.base] as RowBox
    let tried = 0
    for (let i = node.base; i < n && i < node.base + windowBits; i++) {
      if (i > node.base && (node.mask >> (i - node.base - 1)) & 1) continue
      const box = this.#boxes[i] as RowBox
      const ahead = box.x - first.x
      if (tried >= this.#c.window || ahead > this.#c.reachMm) break
      tried++
      if (box.slot > node.pointer) {
        this.#place(node, i, box.slot, this.#skipped(node, box.slot), false, found)
        this.#place(node, i, node.pointer, this.#lnMoved, true, found)
      } else this.#place(node, i, node.pointer, 0, box.slot >= 0, found)
    }
  }

  /** What passing over boxes costs that were read here and now can only stand out of sequence. */
  #skipped(node: Node, slot: number): number {
    let cost = 0
    for (let s = node.pointer + 1; s < slot; s++) {
      const i = this.#boxOf[s] as number
      if (i >= 0 && !isPlaced(node, i)) cost += this.#lnMoved
    }
    return cost
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
    const between = pointer > node.pointer ? this.#slots.slice(node.pointer + 1, pointer) : []
    const { ln, front } = foresee(node.front, box, between, this.#c)
    const [base, mask] = placing(node, i)
    const key = ((base * 65536 + mask) * 1024 + i) * 1024 + pointer + 1
    const total = ln + cost
    const forward = node.forward + total
    const best = node.best + total
    const edge = { from: node, ln: total, moved }
    const known = found.get(key)
    if (!known) {
      found.set(key, {
        base,
        mask,
        last: i,
        pointer,
        front,
        forward,
        best,
        bestFrom: node,
        backward: Number.NEGATIVE_INFINITY,
        edges: [edge],
      })
      return
    }
    known.forward = lnAdd(known.forward, forward)
    known.edges.push(edge)
    if (best <= known.best) return
    known.best = best
    known.bestFrom = node
    known.front = front
  }
}

const isPlaced = (node: Node, i: number): boolean =>
  i < node.base || (i > node.base && ((node.mask >> (i - node.base - 1)) & 1) === 1)

/** Base and mask after box `i` is placed too. */
function placing({ base, mask }: Node, i: number): [number, number] {
  if (i > base) return [base, mask | (1 << (i - base - 1))]
  let b = base + 1
  let m = mask
  while (m & 1) {
    b++
    m >>= 1
  }
  return [b, m >> 1]
}

/**
 * The order of the boxes of one shelf, by catalogue, widths and radio together (locating 6.11): a search from the left
 * over partial orders, exact but for what falls out of the beam, then forward and backward sums for the probabilities.
 * Boxes must come sorted by x.
 */
export function orderShelf(
  boxes: readonly RowBox[],
  slots: readonly Slot[],
  front: Front,
  c: OrderConstants,
): ShelfOrder {
  const search = new Search(boxes, slots, c)
  const root: Node = {
    base: 0,
    mask: 0,
    last: -1,
    pointer: -1,
    front,
    forward: 0,
    best: 0,
    bestFrom: null,
    backward: Number.NEGATIVE_INFINITY,
    edges: [],
  }
  const layers: Node[][] = [[root]]
  for (let k = 0; k < boxes.length; k++) layers.push(search.step(layers[k] as Node[]))
  return readLattice(layers, boxes.length)
}

function readLattice(layers: readonly Node[][], n: number): ShelfOrder {
  const ends = layers[n] as Node[]
  let total = Number.NEGATIVE_INFINITY
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
  const order = bestOrder(ends, n)
  const rank = new Float64Array(n)
  for (const [k, box] of order.entries())
    for (const node of layers[k + 1] as Node[])
      if (node.last === box)
        rank[box] = (rank[box] as number) + Math.exp(node.forward + node.backward - total)
  return { order, rank, moved }
}

function bestOrder(ends: readonly Node[], n: number): Int32Array {
  const order = new Int32Array(n)
  let node: Node | null = ends.reduce((a, b) => (b.best > a.best ? b : a))
  for (let k = n - 1; k >= 0 && node; k--) {
    order[k] = node.last
    node = node.bestFrom
  }
  return order
}
