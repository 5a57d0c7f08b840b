import { AirLimits, Closed, Name, OneOf, RoomId, Text } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import { Broker, Topic } from '../mqtt/settings.ts'
import { common, words } from '../schema.ts'
import { modelNames, modelOf } from './models.ts'

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
