import { temporaryPki } from '../opcua-server/place.ts'
import type { Standalone } from '../standalone.ts'

const node = (name: string) => `nsu=urn:lantai:ahu;s=AHU1.${name}`
const sensor = (id: string, label: string, place: string) => ({
  id,
  label,
  room: 'R1',
  xMm: 0,
  yMm: 0,
  temperature: { node: node(`${place}.Temperature`) },
  humidity: { node: node(`${place}.Humidity`) },
})

export const standalone: readonly Standalone[] = [
  {
    name: 'ahu-opcua',
    about: 'air handling unit: supply and return air, two contacts, OPC UA',
    wire: 'tcp',
    secured: true,
    spec: ({ port, trust, allowNone }) => ({
      kind: 'opcua-ahu',
      port,
      pki: temporaryPki('ahu-opcua'),
      trust,
      allowNone,
    }),
    entry: ({ host, port }) => ({
      id: 'ahu-1',
      label: '空调机组',
      driver: 'opcua-points',
      simulated: true,
      server: { endpoint: `opc.tcp://${host}:${port}` },
      everyMs: 250,
      air: {
        sensors: [sensor('supply', '送风', 'Supply'), sensor('return', '回风', 'Return')],
        limits: {
          temperature: { low: 14, high: 24, deadband: 0.5 },
          humidity: { low: 45, high: 60, deadband: 2 },
          onDelayMs: 60_000,
          offDelayMs: 60_000,
        },
      },
      contacts: [
        {
          id: 'duct-smoke',
          label: '风管感烟',
          room: 'R1',
          means: 'smoke',
          node: node('Contacts'),
          bit: 0,
          activeLow: true,
        },
      ],
    }),
    first: [],
    again: (n) => ({
      type: 'air',
      air: { 1: { temperature: 18 + (n % 8) / 8, humidity: 50 + (n % 8) / 4 } },
    }),
  },
]
