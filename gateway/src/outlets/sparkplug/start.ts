import type { Clock, DeviceHealth } from '@lantai/contracts'
import type { Logger } from 'pino'
import type { DriverEvent, KnownDevice } from '../../drivers/driver.ts'
import { SparkplugPublisher } from './publisher.ts'
import type { SparkplugSettings } from './settings.ts'
import { PlantValues } from './values.ts'

export interface SparkplugParts {
  settings: SparkplugSettings
  clock: Clock
  log: Logger
  devices(): readonly KnownDevice[]
  health(): readonly DeviceHealth[]
}

/** Values and publisher together: what a driver says goes in, nothing comes back. */
export function startSparkplug({ settings, clock, log, devices, health }: SparkplugParts) {
  const values = new PlantValues(devices, health, clock)
  const sample = () => values.sample()
  const publisher = new SparkplugPublisher({ settings, clock, log, random: Math.random, sample })
  publisher.start()
  return {
    take: (event: DriverEvent, ageMs: number) => values.take(event, ageMs),
    stop: () => publisher.stop(),
  }
}
