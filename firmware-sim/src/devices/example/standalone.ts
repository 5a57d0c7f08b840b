import type { Standalone } from '../standalone.ts'

export const standalone: readonly Standalone[] = [
  {
    name: 'example-thermometer',
    about: 'thermometer that answers in lines of text, the device of docs/add-a-driver.md',
    wire: 'tcp',
    spec: ({ port }) => ({ kind: 'example', port }),
    entry: ({ host, port }) => ({
      id: 'example-1',
      label: '示例温湿度计',
      driver: 'example',
      simulated: true,
      host,
      port,
      everyMs: 200,
      sensor: { id: 'ex-1', label: '示例', room: 'R1', xMm: 0, yMm: 0 },
      limits: {
        temperature: { low: 14, high: 24, deadband: 0.5 },
        humidity: { low: 45, high: 60, deadband: 2 },
        onDelayMs: 600_000,
        offDelayMs: 600_000,
      },
    }),
    first: [{ type: 'air', air: { 1: { temperature: 21.4, humidity: 50.2 } } }],
  },
]
