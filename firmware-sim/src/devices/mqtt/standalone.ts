import type { Standalone, StandaloneAddress } from '../standalone.ts'

/** Four test tags that belong to no store, at half a metre. */
const tags = Array.from({ length: 4 }, (_, i) => ({
  epc: `3400000000000000000000${(i + 1).toString(16).padStart(2, '0').toUpperCase()}`,
  tid: null,
  distanceMm: { 1: 500 + 100 * i },
}))
const field = { type: 'field', tags } as const

const broker = ({ host, port }: StandaloneAddress) => ({ url: `mqtt://${host}:${port}` })
const prefix = (device: string) => `vendor/demo/${device}`
const reader = (at: StandaloneAddress, driver: 'impinj-iot' | 'zebra-iotc', label: string) => ({
  id: 'reader-1',
  label,
  driver,
  simulated: true,
  broker: broker(at),
  topic: `${prefix('reader-1')}/events`,
  availability: { topic: `${prefix('reader-1')}/status`, offline: 'offline' },
  role: 'desk',
})
const again = () => field

const zebra = (name: string, form: 'array' | 'single', about: string): Standalone => ({
  name,
  about,
  wire: 'mqtt',
  spec: ({ port, seed }) => ({
    kind: 'mqtt-zebra',
    port,
    topic: prefix('reader-1'),
    antennas: 1,
    seed,
    form,
  }),
  entry: (at) => reader(at, 'zebra-iotc', 'Zebra 读写器'),
  first: [field],
  again,
})

export const standalone: readonly Standalone[] = [
  {
    name: 'impinj-iot',
    about: 'Impinj R700 that publishes IoT device interface events below vendor/demo/reader-1',
    wire: 'mqtt',
    spec: ({ port, seed }) => ({
      kind: 'mqtt-impinj',
      port,
      topic: prefix('reader-1'),
      antennas: 1,
      seed,
    }),
    entry: (at) => reader(at, 'impinj-iot', 'Impinj 读写器'),
    first: [field],
    again,
  },
  zebra('zebra-iotc', 'array', 'Zebra FX9600 with the IoT Connector: arrays of events'),
  zebra('zebra-iotc-single', 'single', 'Zebra FXR90 with the IoT Connector: one event a message'),
  {
    name: 'zigbee2mqtt',
    about: 'Zigbee2MQTT bridge with an air sensor, smoke, water leak and door contact',
    wire: 'mqtt',
    spec: ({ port, seed }) => ({
      kind: 'mqtt-zigbee',
      port,
      base: `${prefix('zigbee-1')}/zigbee2mqtt`,
      everyMs: 1_000,
      seed,
    }),
    entry: (at) => ({
      id: 'zigbee-1',
      label: 'Zigbee 网桥',
      driver: 'zigbee2mqtt',
      simulated: true,
      broker: broker(at),
      base: `${prefix('zigbee-1')}/zigbee2mqtt`,
      devices: [
        { name: 'air-1', model: 'air', id: 'zth-1', label: '温湿度', room: 'R1', xMm: 0, yMm: 0 },
        { name: 'smoke-1', model: 'smoke', id: 'zsmoke-1', label: '烟感', room: 'R1' },
        { name: 'water-1', model: 'water', id: 'zwater-1', label: '水浸', room: 'R1' },
        { name: 'door-1', model: 'door', id: 'zdoor-1', label: '门磁', room: 'R1' },
      ].map((d) => ({ ...d, reportMs: 5_000 })),
      limits: {
        temperature: { low: 14, high: 24, deadband: 0.5 },
        humidity: { low: 45, high: 60, deadband: 2 },
        onDelayMs: 600_000,
        offDelayMs: 600_000,
      },
    }),
    first: [{ type: 'air', air: { 1: { temperature: 21.4, humidity: 50.2 } } }],
    again: (n) => ({
      type: 'air',
      air: { 1: { temperature: 21.4 + (n % 4) / 10, humidity: 50.2 } },
    }),
  },
]
