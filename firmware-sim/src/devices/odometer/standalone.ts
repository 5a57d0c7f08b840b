import type { Standalone } from '../standalone.ts'
import { ticksPerSecond } from './registers.ts'

export const pulsesPerMetre = 5000
/** The registers go round a hand's breadth after power on: whoever counts must bear it. */
export const startsAt = 2 ** 32 - 500

/** What of a device list's entry is the counter module's own. */
export const odometerRegisters = {
  driver: 'modbus-odometer',
  unit: 1,
  everyMs: 50,
  registers: 'input',
  counter: { address: 0, order: 'ABCD' },
  clock: { address: 2, order: 'ABCD', ticksPerSecond },
  pulsesPerMetre,
} as const

export const standalone: readonly Standalone[] = [
  {
    name: 'cart-odometer',
    about: 'wheel encoder on a counter module, Modbus TCP, FC04: 32-bit pulses and 32-bit clock',
    wire: 'tcp',
    spec: ({ port, seed }) => ({
      kind: 'odometer',
      port,
      pulsesPerMetre,
      startsAt,
      wheel: { scaleError: 0.012, slipEveryMm: 0, slipMm: 0 },
      seed,
    }),
    entry: ({ host, port }) => ({
      id: 'cart-odometer-1',
      label: '盘点车里程计',
      simulated: true,
      line: { transport: 'tcp', host, port },
      ...odometerRegisters,
    }),
    first: [
      {
        type: 'walk',
        walk: {
          fromMm: 0,
          toMm: 600,
          speedMmPerS: 400,
          seed: 'alone',
          shuttles: true,
        },
      },
    ],
    // Something happens by itself; whoever learns what it shows has to look on for a while.
    again: () => null,
  },
]
