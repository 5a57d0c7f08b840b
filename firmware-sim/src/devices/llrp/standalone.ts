import type { TrueRow } from '../../world/cart/truth.ts'
import type { Standalone } from '../standalone.ts'
import type { BrandName } from './brands.ts'
import { type Identity, selfSigned } from './identity.ts'

/** Four test tags that belong to no store, at half a metre. */
const tags = Array.from({ length: 4 }, (_, i) => ({
  epc: `3400000000000000000000${(i + 1).toString(16).padStart(2, '0').toUpperCase()}`,
  tid: `E2801160200000000000000${i + 1}`,
  distanceMm: { 1: 500 + 100 * i },
}))
const firmware: Readonly<Record<BrandName, string>> = {
  impinj: '6.4.1.240',
  zebra: '3.21.23',
  thingmagic: '5.3.3.14',
}

const plain = (name: string, brand: BrandName, about: string): Standalone => ({
  name,
  about,
  wire: 'tcp',
  spec: ({ port, seed }) => ({
    kind: 'llrp',
    port,
    antennas: 1,
    model: firmware[brand],
    seed,
    brand,
  }),
  entry: ({ host, port }) => ({
    id: 'reader-1',
    label: '读写器',
    driver: 'llrp',
    simulated: true,
    host,
    port,
    role: 'desk',
    ...(brand === 'impinj' ? {} : { tidWords: 6 }),
  }),
  first: [{ type: 'field', tags }],
})

let made: Identity | null = null
/** One for the process: the entry names the certificate that the reader shows. */
function identity(): Identity {
  made ??= selfSigned('lantai-sim llrp-tls', Date.now())
  return made
}

const secured: Standalone = {
  ...plain('llrp-tls', 'impinj', 'the same reader over TLS; lets in clients of --trust, or all'),
  secured: true,
  spec: (options) => ({
    kind: 'llrp',
    port: options.port,
    antennas: 1,
    model: firmware.impinj,
    seed: options.seed,
    tls: { ...identity(), trust: options.trust, allowNone: options.allowNone },
  }),
  entry: ({ host, port }) => ({
    id: 'reader-1',
    label: '读写器',
    driver: 'llrp',
    simulated: true,
    host,
    port,
    role: 'desk',
    tls: { ca: identity().cert, servername: 'localhost' },
  }),
}

/** A board with five boxes and a shelf tag at each end. */
const board: TrueRow = {
  board: {
    ...{ shelf: '1A-1-3', section: 1, level: 3, boardMm: 840, heightMm: 950 },
    ...{ fromMm: 0, toMm: 600 },
  },
  boxes: [40, 50, 30, 50, 40].map((thicknessMm, i) => ({
    epc: `34000000000000000000010${i}`,
    thicknessMm,
  })),
  references: ['340000000000000000000200', '340000000000000000000201'],
  obstructed: false,
}

/** To and fro before that board, phase and all. */
const cart: Standalone = {
  name: 'cart-reader',
  about: 'the reader of the inventory cart, four antennas, walked to and fro before one shelf',
  wire: 'tcp',
  spec: ({ port, seed }) => ({
    kind: 'llrp',
    port,
    antennas: 4,
    model: firmware.impinj,
    seed,
    brand: 'impinj',
    clock: { offsetMs: -47_000, driftPpm: 31 },
  }),
  entry: ({ host, port }) => ({
    id: 'cart-1',
    label: '盘点车读写器',
    driver: 'llrp',
    simulated: true,
    host,
    port,
    role: 'cart',
  }),
  first: [
    {
      type: 'cart',
      cart: {
        face: { seed: 'alone', rows: [board], dead: [], antennas: 4 },
        standsAtMm: 0,
      },
    },
    {
      type: 'walk',
      walk: { fromMm: 0, toMm: 600, speedMmPerS: 400, seed: 'alone', shuttles: true },
    },
  ],
  // It is walked by itself; whoever learns what it shows has to look on for a while.
  again: () => null,
}

export const standalone: readonly Standalone[] = [
  plain('llrp-reader', 'impinj', 'fixed RFID reader of the Impinj kind, LLRP 1.1 and 1.0.1'),
  plain('llrp-zebra', 'zebra', 'of the Zebra kind: no phase, tags in session 0 only, LLRP 1.0.1'),
  plain('llrp-thingmagic', 'thingmagic', 'of the ThingMagic kind: no phase, holds nothing'),
  secured,
  cart,
]
