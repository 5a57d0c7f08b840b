import type { DriverKind } from '../driver.ts'
import { brokerName, brokerWrong } from '../mqtt/settings.ts'
import { contactsOf, modelOf } from './models.ts'
import { baseOf, reportMsOf, Zigbee2Mqtt } from './settings.ts'

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
