import type { DesiredConfig, DeviceEntry, DeviceFile } from '@lantai/contracts'
import type { KnownDevice } from '../drivers/driver.ts'
import { hashOf } from './config-keeper.ts'
import { checkDevices } from './device-file.ts'

const at = (port: number) => ({ transport: 'tcp', host: '127.0.0.1', port })
const band = { low: 14, high: 24, deadband: 0.5 }

export const shelf = (id: string, bank: string, columns = [1, 2, 3]): DeviceEntry => ({
  ...{ id, label: id, driver: 'modbus-shelving', line: at(1500 + (columns[0] ?? 0)), unit: 1 },
  ...{ profile: 'bank-modbus', everyMs: 500, bank, room: 'R1', columns, notProvided: [] },
})
export const air = (id: string, more: Record<string, unknown> = {}): DeviceEntry => ({
  ...{ id, label: id, driver: 'modbus-air', line: at(1600), profile: 'xy-md02', everyMs: 1000 },
  units: [{ id: `${id}-1`, label: id, room: 'R1', xMm: 0, yMm: 0, unit: 1 }],
  limits: {
    ...{ temperature: band, humidity: { low: 45, high: 60, deadband: 1 } },
    ...{ onDelayMs: 0, offDelayMs: 0 },
  },
  ...more,
})
export const panel = (id: string, inputs: readonly (readonly [string, string])[]): DeviceEntry => ({
  ...{ id, label: id, driver: 'modbus-contacts', line: at(1700), unit: 1, everyMs: 200 },
  inputs: inputs.map(([id, means], address) => ({
    ...{ id, label: id, room: 'R1', means, address, activeLow: true },
  })),
})

export const file = (...devices: DeviceEntry[]): DeviceFile => ({ version: 1, devices })

/** Checked, or the test says why not. */
export function known(body: DeviceFile): KnownDevice[] {
  const checked = checkDevices(body)
  if (!checked.ok) throw new Error(checked.wrong.join('\n'))
  return checked.devices
}

export const desired = (
  version: number,
  body: DeviceFile,
  more: Partial<DesiredConfig> = {},
): DesiredConfig => ({
  ...{ gateway: 'gw-01', version, sha256: hashOf(body), body, by: '系统员' },
  ...{ at: '2026-11-22T06:00:00.000Z', reason: 'test', withoutContacts: [] },
  ...more,
})
