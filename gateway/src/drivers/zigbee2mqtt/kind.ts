import { AirLimits, Closed, Name, OneOf, RoomId, Text } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { Broker, brokerName, brokerWrong, Topic } from '../mqtt/settings.ts'
import { common, words } from '../schema.ts'
import { contactsOf, modelNames, modelOf } from './models.ts'

const ZigbeeDevice = Closed({
  /** Friendly name in Zigbee2MQTT, which is part of its topic. */
  name: Type.String({
    minLength: 1,
    maxLength: 100,
    pattern: '^[^#+]+$',
    ...words('设备名', 'Friendly name'),
  }),
  model: OneOf(modelNames, words('型号', 'Model')),
  /** Id of its air sensor or of its first contact; others are `-tamper` and `-battery` behind it. */
  id: Name,
  label: Text(70),
  room: RoomId,
  xMm: Type.Optional(Type.Number()),
  yMm: Type.Optional(Type.Number()),
  /** In place of the model's: silence beyond it makes its points unknown. */
  reportMs: Type.Optional(
    Type.Integer({
      minimum: 1_000,
      maximum: 86_400_000,
      ...words('上报周期 ms', 'Report every ms'),
    }),
  ),
})
export type ZigbeeDevice = Static<typeof ZigbeeDevice>

/** One Zigbee2MQTT bridge and the devices of it that belong to a room. */
export const Zigbee2Mqtt = Closed({
  ...common('zigbee2mqtt'),
  broker: Broker,
  /** `base_topic` of the bridge; `zigbee2mqtt` where nobody changed it. */
  base: Type.Optional(Topic),
  devices: Type.Array(ZigbeeDevice, { minItems: 1, maxItems: 64 }),
  /** Needed where one of the devices measures air. */
  limits: Type.Optional(AirLimits),
})
export type Zigbee2Mqtt = Static<typeof Zigbee2Mqtt>

export const baseOf = (d: Zigbee2Mqtt): string => d.base ?? 'zigbee2mqtt'
export const reportMsOf = (d: ZigbeeDevice): number => d.reportMs ?? modelOf(d.model).reportMs

export const kind: DriverKind<typeof Zigbee2Mqtt> = {
  driver: 'zigbee2mqtt',
  words: { zh: 'Zigbee2MQTT 网桥', en: 'Zigbee2MQTT bridge' },
  schema: Zigbee2Mqtt,
  facets: (d) => {
    const air = d.devices.filter((z) => modelOf(z.model).quantities.length > 0)
    const contacts = d.devices.flatMap((z) =>
      contactsOf(z).map(({ id, label, means }) => ({ id, label, room: z.room, means })),
    )
    const sensors = air.map(({ id, label, room, xMm = 0, yMm = 0 }) => ({
      id,
      label,
      room,
      xMm,
      yMm,
    }))
    return {
      ...(d.limits && sensors.length > 0
        ? { air: { sensors, limits: d.limits, everyMs: Math.max(...air.map(reportMsOf)) } }
        : {}),
      ...(contacts.length > 0 ? { contacts } : {}),
    }
  },
  claims: (d) =>
    d.devices.map((z, i) => ({
      key: `messages of ${brokerName(d.broker)} ${baseOf(d)}/${z.name}`,
      at: `devices/${i}/name`,
    })),
  check: (d) => [
    ...brokerWrong(d.broker),
    ...(d.limits === undefined && d.devices.some((z) => modelOf(z.model).quantities.length > 0)
      ? ['limits is needed: one of the devices measures air']
      : []),
    ...(d.devices.flatMap(contactsOf).length > 64 ? ['devices have more than 64 contacts'] : []),
  ],
  load: async () => (await import('./driver.ts')).createZigbeeDriver,
}
