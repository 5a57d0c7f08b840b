import type { Standalone } from '../standalone.ts'

/** Four test tags that belong to no store, at half a metre. */
const tags = Array.from({ length: 4 }, (_, i) => ({
  epc: `3400000000000000000000${(i + 1).toString(16).padStart(2, '0').toUpperCase()}`,
  tid: null,
  distanceMm: { 1: 500 + 100 * i },
}))

export const standalone: readonly Standalone[] = [
  {
    name: 'llrp-reader',
    about: 'fixed RFID reader with one antenna and four tags before it, LLRP 1.0.1',
    wire: 'tcp',
    spec: ({ port, seed }) => ({ kind: 'llrp', port, antennas: 1, model: '6.4.1.240', seed }),
    entry: ({ host, port }) => ({
      id: 'reader-1',
      label: '读写器',
      driver: 'llrp',
      simulated: true,
      host,
      port,
      role: 'desk',
    }),
    first: [{ type: 'field', tags }],
  },
]
