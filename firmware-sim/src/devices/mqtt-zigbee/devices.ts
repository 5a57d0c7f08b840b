/** Battery devices behind a simulated Zigbee2MQTT: what each would publish. Pure. */
export interface Reading {
  readonly temperature: number
  readonly humidity: number
}
export interface Seen {
  readonly name: string
  readonly state: Readonly<Record<string, unknown>>
}

/** Loops are normally closed: an open one is smoke, water, or a door that stands open. */
export function published(
  air: Readonly<Record<number, Reading>>,
  closed: readonly boolean[],
): Seen[] {
  const [smoke = true, water = true, door = true] = closed
  const common = { battery: 97, linkquality: 112 }
  const sealed = { battery_low: false, tamper: false }
  return [
    ...Object.entries(air).map(([unit, { temperature, humidity }]) => ({
      name: `air-${unit}`,
      state: { temperature, humidity, ...common },
    })),
    { name: 'smoke-1', state: { smoke: !smoke, ...sealed, ...common } },
    { name: 'water-1', state: { water_leak: !water, ...sealed, ...common } },
    { name: 'door-1', state: { contact: door, ...sealed, ...common } },
  ]
}
