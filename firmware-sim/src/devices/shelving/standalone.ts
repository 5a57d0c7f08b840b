import type { Standalone } from '../standalone.ts'

const columns = [1, 2, 3, 4, 5].map((column) => ({ column, widthMm: 900 }))

export const standalone: readonly Standalone[] = [
  {
    name: 'shelving-modbus',
    about: 'bank of five columns with kinematic carriages, generic PLC map over Modbus TCP',
    wire: 'tcp',
    spec: ({ port }) => ({
      kind: 'shelving',
      port,
      columns,
      railMm: 5 * 900 + 1000,
      aisleMm: 900,
      saved: null,
    }),
    entry: ({ host, port }) => ({
      id: 'shelf-b1',
      label: '密集架',
      driver: 'modbus-shelving',
      simulated: true,
      line: { transport: 'tcp', host, port },
      unit: 1,
      profile: 'bank-modbus',
      everyMs: 250,
      bank: 'B1',
      room: 'R1',
      columns: columns.map((c) => c.column),
      notProvided: ['door'],
    }),
    first: [],
  },
]
