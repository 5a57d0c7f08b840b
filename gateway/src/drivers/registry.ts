import type { Device, DeviceOf } from '@lantai/contracts'
import type { DriverKind } from './driver.ts'

type Loaders = {
  readonly [D in Device['driver']]: () => Promise<{ kind: DriverKind<DeviceOf<D>> }>
}

/**
 * Every protocol of the device list and the folder that speaks it. Imported only inside the worker that runs
 * it, so that a site without RFID readers never loads LLRP. A new driver is one line here.
 */
export const driverKinds: Loaders = {
  llrp: () => import('./llrp/driver.ts'),
  'modbus-air': () => import('./air/driver.ts'),
  'modbus-contacts': () => import('./contacts/driver.ts'),
  'modbus-shelving': () => import('./shelving/driver.ts'),
}
