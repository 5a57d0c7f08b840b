import { temporaryPki } from '../opcua-server/place.ts'
import type { Standalone } from '../standalone.ts'

const columns = [1, 2, 3, 4, 5].map((column) => ({ column, widthMm: 900 }))

export const standalone: readonly Standalone[] = [
  {
    name: 'shelving-opcua',
    about: 'bank of five columns with kinematic carriages, node map over OPC UA',
    wire: 'tcp',
    secured: true,
    spec: ({ port, trust, allowNone }) => ({
      kind: 'opcua-shelving',
      port,
      pki: temporaryPki('shelving-opcua'),
      trust,
      allowNone,
      columns,
      railMm: 5 * 900 + 1000,
      aisleMm: 900,
      saved: null,
    }),
    entry: ({ host, port }) => ({
      id: 'shelf-b1',
      label: '密集架',
      driver: 'opcua-shelving',
      simulated: true,
      server: { endpoint: `opc.tcp://${host}:${port}` },
      map: 'bank-opcua',
      at: 'Bank1',
      everyMs: 250,
      bank: 'B1',
      room: 'R1',
      columns: columns.map((c) => c.column),
      notProvided: ['door'],
    }),
    first: [],
  },
]
