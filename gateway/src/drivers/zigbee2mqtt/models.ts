/** What each model of Zigbee device tells, as data. Fields are those of Zigbee2MQTT's own device pages [known]. */
import type { ContactMeans, Quantity } from '@lantai/contracts'

export interface ContactField {
  readonly field: 'smoke' | 'water_leak' | 'contact' | 'tamper' | 'battery_low'
  readonly means: ContactMeans
  /** The value at which the contact is active; `contact` is true while a door is shut. */
  readonly activeWhen: boolean
}
export interface Model {
  readonly words: { readonly zh: string; readonly en: string }
  readonly quantities: readonly Quantity[]
  /** The first is what the device is for. */
  readonly contacts: readonly ContactField[]
  /** A living one says something at least so often, with margin for one lost report. */
  readonly reportMs: number
}

const minute = 60_000
const smoke: ContactField = { field: 'smoke', means: 'smoke', activeWhen: true }
const water: ContactField = { field: 'water_leak', means: 'water', activeWhen: true }
const door: ContactField = { field: 'contact', means: 'door', activeWhen: false }
const tamper: ContactField = { field: 'tamper', means: 'tamper', activeWhen: true }
const battery: ContactField = { field: 'battery_low', means: 'batteryLow', activeWhen: true }
const air = ['temperature', 'humidity'] as const

const model = (
  zh: string,
  en: string,
  quantities: readonly Quantity[],
  contacts: readonly ContactField[],
  reportMs: number,
): Model => ({ words: { zh, en }, quantities, contacts, reportMs })

export const models = {
  air: model('温湿度', 'air sensor', air, [], 130 * minute),
  smoke: model('烟雾', 'smoke detector', [], [smoke, tamper, battery], 130 * minute),
  water: model('漏水', 'water leak', [], [water, tamper, battery], 130 * minute),
  door: model('门磁', 'door contact', [], [door, tamper, battery], 130 * minute),
  'SNZB-02D': model('SONOFF 温湿度屏', 'SONOFF temperature and humidity', air, [], 130 * minute),
  WSDCGQ11LM: model('Aqara 温湿度', 'Aqara temperature and humidity', air, [], 110 * minute),
  'HS1SA-E': model('海曼烟感', 'Heiman smoke', [], [smoke, battery], 250 * minute),
  'JY-GZ-01AQ': model('Aqara 烟感', 'Aqara smoke', [], [smoke], 110 * minute),
  SJCGQ11LM: model('Aqara 水浸', 'Aqara water leak', [], [water], 110 * minute),
  'SNZB-05P': model('SONOFF 水浸', 'SONOFF water leak', [], [water, battery], 130 * minute),
  MCCGQ11LM: model('Aqara 门窗', 'Aqara door', [], [door], 110 * minute),
  'SNZB-04P': model('SONOFF 门窗', 'SONOFF door', [], [door, tamper, battery], 130 * minute),
} as const satisfies Readonly<Record<string, Model>>
export type ModelName = keyof typeof models
export const modelNames = Object.keys(models) as ModelName[]
export const modelOf = (name: ModelName): Model => models[name]

const suffix = { tamper: '-tamper', battery_low: '-battery' } as const
const labels = { tamper: ' 防拆', battery_low: ' 电量低' } as const

/** Contacts of one device with the ids that they have in the room. */
export const contactsOf = (d: { id: string; label: string; model: ModelName }) =>
  modelOf(d.model).contacts.map((c) => {
    const side = c.field === 'tamper' || c.field === 'battery_low' ? c.field : null
    return {
      ...c,
      id: side ? `${d.id}${suffix[side]}` : d.id,
      label: side ? `${d.label}${labels[side]}` : d.label,
    }
  })
