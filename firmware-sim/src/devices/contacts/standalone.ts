import type { Standalone } from '../standalone.ts'

export const standalone: readonly Standalone[] = [
  {
    name: 'modbus-contacts',
    about: 'input module with eight normally-closed loops, Modbus TCP, FC02 from address 0',
    wire: 'tcp',
    spec: ({ port }) => ({ kind: 'contacts', port, inputs: 8 }),
    first: [],
  },
]
