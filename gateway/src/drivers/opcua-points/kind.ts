import { AirLimits, AirPoint, Closed, ContactPoint } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { NodeName, OpcUaServer, opcUaProcess, serverClaim } from '../opcua/settings.ts'
import { common, words } from '../schema.ts'

const Node = { ...NodeName, ...words('节点', 'Node') }
const Value = Closed({
  node: Node,
  scale: Type.Optional(Type.Number(words('倍率', 'Scale'))),
})

/** Air and contacts out of any OPC UA server, such as that of an air handling unit. */
export const OpcUaPoints = Closed({
  ...common('opcua-points'),
  server: OpcUaServer,
  everyMs: Type.Integer({ minimum: 50, maximum: 60_000, ...words('周期 ms', 'Every ms') }),
  air: Type.Optional(
    Closed({
      sensors: Type.Array(
        Closed({
          ...AirPoint.properties,
          temperature: Type.Optional(Value),
          humidity: Type.Optional(Value),
        }),
        { minItems: 1, maxItems: 64 },
      ),
      limits: AirLimits,
    }),
  ),
  contacts: Type.Optional(
    Type.Array(
      Closed({
        ...ContactPoint.properties,
        node: Node,
        bit: Type.Optional(Type.Integer({ minimum: 0, maximum: 31, ...words('位', 'Bit') })),
        /** A normally-closed loop reads 0 in alarm, so that a cut wire alarms. */
        activeLow: Type.Boolean(words('常闭回路', 'Normally closed')),
      }),
      { minItems: 1, maxItems: 64 },
    ),
  ),
})
export type OpcUaPoints = Static<typeof OpcUaPoints>

export const kind: DriverKind<typeof OpcUaPoints> = {
  driver: 'opcua-points',
  words: { zh: 'OPC UA 测点', en: 'Air and contacts (OPC UA)' },
  schema: OpcUaPoints,
  process: opcUaProcess,
  facets: ({ air, contacts, everyMs }) => ({
    ...(air
      ? {
          air: {
            everyMs,
            limits: air.limits,
            sensors: air.sensors.map(({ temperature: _t, humidity: _h, ...sensor }) => sensor),
          },
        }
      : {}),
    ...(contacts
      ? { contacts: contacts.map(({ id, label, room, means }) => ({ id, label, room, means })) }
      : {}),
  }),
  claims: ({ server, id }) => [serverClaim(server, `points ${id}`)],
  check: ({ air, contacts }) => [
    ...(air || contacts ? [] : ['air: neither air nor contacts are given']),
    ...(air?.sensors.some((s) => !s.temperature && !s.humidity)
      ? ['air: a sensor has neither temperature nor humidity']
      : []),
  ],
  load: async () => (await import('./driver.ts')).createPointsDriver,
}
