/** The device list that the demo's gateway is given: real protocols, every device marked as simulated. */
import type { DeviceFile } from '@lantai/contracts'
import { odometerRegisters } from '../devices/odometer/standalone.ts'
import { airSensors, demoLayout, smokeDetectors } from '../world/catalogue/layout.ts'

export const airLine = 'air-1'
export const airBaud = 9600
export const contactModule = 'contacts-1'
export const deskReader = 'desk-1'
export const gateReader = 'door-1'
export const cartReader = 'cart-1'
export const cartOdometer = 'cart-odometer-1'
export const shelfId = (bank: string) => `shelf-${bank.toLowerCase()}`

/** Inputs of the contact module by address. */
export const contacts = [
  { id: 'fire-panel', label: '消防主机火警', means: 'fire' },
  { id: 'fire-panel-fault', label: '消防主机故障', means: 'panelFault' },
  { id: 'smoke-1', label: smokeDetectors[0].label, means: 'smoke' },
  { id: 'smoke-2', label: smokeDetectors[1].label, means: 'smoke' },
] as const

export interface Where {
  readonly ports: (device: string) => number
  readonly airPath: string
  readonly alarmDelayMs: number
}

export function deviceFile({ ports, airPath, alarmDelayMs }: Where): DeviceFile {
  const host = '127.0.0.1'
  const tcp = (id: string) => ({ transport: 'tcp' as const, host, port: ports(id) })
  const reader = (id: string, label: string, role: 'desk' | 'gate' | 'cart') => ({
    id,
    label,
    simulated: true,
    driver: 'llrp' as const,
    host,
    port: ports(id),
    role,
    session: 0,
  })
  return {
    version: 1,
    devices: [
      reader(deskReader, '借阅台读写器', 'desk'),
      reader(gateReader, '安全门读写器', 'gate'),
      airDevice(airPath, alarmDelayMs),
      {
        id: contactModule,
        label: '消防触点模块',
        simulated: true,
        driver: 'modbus-contacts',
        line: tcp(contactModule),
        unit: 1,
        everyMs: 25,
        inputs: contacts.map((c, address) => ({ ...c, address, activeLow: true, room: 'R1' })),
      },
      ...demoLayout().banks.map((b) => ({
        id: shelfId(b.bank),
        label: `${b.label}密集架控制器`,
        simulated: true,
        driver: 'modbus-shelving' as const,
        line: tcp(shelfId(b.bank)),
        unit: 1,
        profile: 'bank-modbus',
        everyMs: 250,
        bank: b.bank,
        room: b.room,
        columns: b.columns.map((c) => c.column),
        notProvided: [],
      })),
      reader(cartReader, '盘点车读写器', 'cart'),
      {
        id: cartOdometer,
        label: '盘点车里程计',
        simulated: true,
        line: tcp(cartOdometer),
        ...odometerRegisters,
      },
    ],
  }
}

const airDevice = (path: string, delayMs: number): DeviceFile['devices'][number] => ({
  id: airLine,
  label: '温湿度总线',
  simulated: true,
  driver: 'modbus-air',
  line: { transport: 'rtu', path, baud: airBaud, parity: 'none', stopBits: 1 },
  profile: 'xy-md02',
  everyMs: 2000,
  units: airSensors.map((s, i) => ({ ...s, unit: i + 1, room: 'R1' })),
  limits: {
    temperature: { low: 14, high: 24, deadband: 0.5 },
    humidity: { low: 45, high: 60, deadband: 2 },
    onDelayMs: delayMs,
    offDelayMs: delayMs,
  },
})
