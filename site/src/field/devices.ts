import { type Standalone, standalones } from '@lantai/firmware-sim'
import { driverKinds } from '@lantai/gateway'

const nowhere = { host: '127.0.0.1', port: 1, path: '/dev/null' }

/** Names of the simulated devices that a driver of that name speaks to. */
export const devicesOfDriver = (driver: string): string[] =>
  standalones.filter((s) => s.entry(nowhere).driver === driver).map((s) => s.name)

/** The same for a name that may be that of one device. */
export const devicesNamed = (name: string): string[] =>
  standalones.some((s) => s.name === name) ? [name] : devicesOfDriver(name)

export const driverNames = (): string[] => [...driverKinds.keys()]
export const allDevices = (): readonly Standalone[] => standalones
