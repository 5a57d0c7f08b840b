import type { Standalone } from '../standalone.ts'

export const standalone: readonly Standalone[] = [
  {
    name: 'modbus-contacts',
    about: 'input module with eight normally-closed loops, Modbus TCP, FC02 from address 0',
    wire: 'tcp',
    spec: ({ port }) => ({ kind: 'contacts', port, inputs: 8 }),
    entry: ({ host, port }) => ({
      id: 'contacts-1',
      label: '触点模块',
      driver: 'modbus-contacts',
      simulated: true,
      line: { transport: 'tcp', host, port },
      unit: 1,
      everyMs: 100,
      inputs: [
        { id: 'fire-1', label: '火警', address: 0, means: 'fire', activeLow: true, room: 'R1' },
      ],
    }),
    first: [],
  },
]
