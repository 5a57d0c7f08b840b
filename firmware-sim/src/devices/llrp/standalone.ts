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

export const standalone: readonly Standalone[] = [
  plain('llrp-reader', 'impinj', 'fixed RFID reader of the Impinj kind, LLRP 1.1 and 1.0.1'),
  plain('llrp-zebra', 'zebra', 'of the Zebra kind: no phase, tags in session 0 only, LLRP 1.0.1'),
  plain('llrp-thingmagic', 'thingmagic', 'of the ThingMagic kind: no phase, holds nothing'),
  secured,
]
