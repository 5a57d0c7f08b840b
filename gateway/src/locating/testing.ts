/**
 * Small walks for the tests of this folder: free space with a smooth bias along the rail, three boards, a cart of three
 * antennas. It is no proof of accuracy; that is what the recordings and the drawn scenes of `site/bench` are for.
 */
import type { WalkRead, WalkScene } from '@lantai/contracts'

/** mulberry32: numbers from 0 to 1 by a seed. */
export function seeded(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface TestWalk {
  scene: WalkScene
  reads: WalkRead[]
}

export interface Wish {
  seed?: number
  boxes?: number
  /** Reads a tag and antenna that hears it well. */
  reads?: number
  phases?: boolean
  /** Of all that steel does; 0 is empty space. */
  bias?: number
  /** What stands on the boards, from left to right, made from what the catalogue has there. */
  stand?: (catalogue: string[][]) => string[][]
  /** Tags that give nothing. */
  silent?: (epc: string, shelf: number) => boolean
  /** How far a tag is beyond its board, mm; it is so strong that it is as loud as if it were on it. */
  beyondMm?: (epc: string) => number
}

export const shelfNames = ['low', 'middle', 'high']
const heights = [500, 860, 1220]
const ups = [520, 850, 1200]
const depth = 610
const from = 37
const widths = [30, 40, 50, 20, 40, 30, 50]

const epcOf = (n: number): string => `E28011${n.toString(16).padStart(18, '0').toUpperCase()}`
export const foreignEpc = epcOf(9001)
const widthOf = (epc: string): number => widths[Number.parseInt(epc.slice(-4), 16) % 7] as number

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** A smooth bias along the rail: a few slow waves. */
function biasOf(random: () => number, size: number): (x: number) => number {
  const waves = Array.from({ length: 4 }, () => ({
    k: (2 * Math.PI) / (250 + 500 * random()),
    phase: 2 * Math.PI * random(),
    size: (size * normal(random)) / 2,
  }))
  return (x) => waves.reduce((sum, w) => sum + w.size * Math.sin(w.k * x + w.phase), 0)
}

function tagReads(
  epc: string,
  x: number,
  shelf: number,
  wish: Required<Pick<Wish, 'reads' | 'phases' | 'bias'>> & { beyondMm: number },
  endMm: number,
  random: () => number,
): WalkRead[] {
  const own = 2 * Math.PI * random()
  const strength = normal(random)
  return ups.flatMap((up, antenna) => {
    const aside2 = (up - (heights[shelf] as number)) ** 2
    const [phaseBias, levelBias] = [biasOf(random, 0.4 * wish.bias), biasOf(random, 2 * wish.bias)]
    const share = antenna === shelf ? 1 : 0.35
    const n = Math.round(wish.reads * share)
    return Array.from({ length: n }, (): WalkRead => {
      const cart = Math.max(-650, Math.min(endMm, x + 220 * normal(random)))
      const along2 = (cart - x) ** 2
      const d = Math.sqrt(along2 + aside2 + (depth + wish.beyondMm) ** 2)
      const asLoud = Math.sqrt(along2 + aside2 + depth ** 2)
      const hop = Math.floor(cart / 300)
      const mhz = 920.625 + 0.25 * (((hop * 7) % 16) + 16 * Number(hop < 0)) * 0.9
      const turns = (4 * Math.PI * mhz * d) / 299_792.458 + 0.34 * mhz + own
      const phase = turns + phaseBias(cart) + 0.1 * normal(random)
      const tau = 2 * Math.PI
      const off = (Math.abs(up - (heights[shelf] as number)) / 360) * 6
      return {
        at: Math.round((cart + 650) * 4000),
        epc,
        antenna: antenna + 1,
        channelMHz: mhz,
        phaseRad: wish.phases ? phase - tau * Math.floor(phase / tau) : null,
        rssiDbm: -50 - off - 40 * Math.log10(asLoud / depth) + strength + levelBias(cart),
      }
    })
  })
}

/** Places boards' boxes side by side; the middle of every spine, by board. */
export function placed(rows: readonly string[][]): { epc: string; shelf: number; x: number }[] {
  return rows.flatMap((row, shelf) => {
    let edge = from
    return row.map((epc) => {
      const width = widthOf(epc)
      edge += width
      return { epc, shelf, x: edge - width / 2 }
    })
  })
}

export function testWalk(wish: Wish = {}): TestWalk {
  const { seed = 1, boxes = 14, reads = 12, phases = true, bias = 1 } = wish
  const random = seeded(seed)
  const catalogue = shelfNames.map((_, s) =>
    Array.from({ length: boxes }, (_, i) => epcOf(100 * s + i + 7)),
  )
  const boxesStanding = placed(wish.stand?.(catalogue.map((row) => [...row])) ?? catalogue)
  const endMm = Math.max(...boxesStanding.map((b) => b.x)) + 650
  const to = endMm - 600
  const references = shelfNames.flatMap((shelf, s) =>
    [from - 12, to].map((xMm, i) => ({ epc: epcOf(5000 + 10 * s + i), shelf, xMm })),
  )
  const heard = [
    ...boxesStanding,
    ...references.map(({ epc, xMm }, i) => ({ epc, shelf: i >> 1, x: xMm })),
  ].filter(({ epc, shelf }) => !wish.silent?.(epc, shelf))
  const all = heard.flatMap((b) => {
    const beyondMm = wish.beyondMm?.(b.epc) ?? 0
    return tagReads(b.epc, b.x, b.shelf, { reads, phases, bias, beyondMm }, endMm, random)
  })
  const steps = Math.ceil((endMm + 650) / 20)
  return {
    reads: all.sort((a, b) => a.at - b.at),
    scene: {
      poses: Array.from({ length: steps + 1 }, (_, i) => ({
        at: i * 80_000,
        xMm: -650 + 20 * i,
      })),
      antennas: ups.map((up, i) => ({ antenna: i + 1, offsetMm: [0, up, 0] })),
      shelves: shelfNames.map((shelf, s) => ({
        shelf,
        heightMm: heights[s] as number,
        depthMm: depth,
        fromMm: from - 5,
        toMm: to,
      })),
      expected: catalogue.flatMap((row, s) =>
        row.map((epc, i) => ({
          epc,
          shelf: shelfNames[s] as string,
          rank: i + 1,
          thicknessMm: widthOf(epc),
        })),
      ),
      references,
    },
  }
}
