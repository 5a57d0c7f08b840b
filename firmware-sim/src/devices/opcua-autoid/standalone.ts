import type { AutoIdVariant } from '../messages.ts'
import { temporaryPki } from '../opcua-server/place.ts'
import type { Standalone } from '../standalone.ts'

/** Four test tags that belong to no store, at half a metre. */
const tags = Array.from({ length: 4 }, (_, i) => ({
  epc: `3400000000000000000000${(i + 1).toString(16).padStart(2, '0').toUpperCase()}`,
  tid: null,
  distanceMm: { 1: 500 + 100 * i },
}))

const reader = (name: string, about: string, variant: AutoIdVariant): Standalone => ({
  name,
  about,
  wire: 'tcp',
  secured: true,
  spec: ({ port, seed, trust, allowNone }) => ({
    kind: 'opcua-autoid',
    port,
    pki: temporaryPki(name),
    trust,
    allowNone,
    antennas: 1,
    variant,
    seed,
  }),
  entry: ({ host, port }) => ({
    id: 'reader-1',
    label: '读写器',
    driver: 'opcua-autoid',
    simulated: true,
    server: { endpoint: `opc.tcp://${host}:${port}` },
    role: 'desk',
  }),
  first: [{ type: 'field', tags }],
})

export const standalone: readonly Standalone[] = [
  reader('autoid-reader', 'RFID reader with scan methods and events, OPC UA AutoID 1.01', 'full'),
  reader(
    'autoid-reader-events',
    'the same without scan methods: it always scans',
    'no-scan-methods',
  ),
  reader('autoid-reader-last', 'the same with LastScanData alone', 'last-scan-only'),
]
