import type { Clock, DeviceHealth } from '@lantai/contracts'
import type { Logger } from 'pino'
import type { DriverEvent, KnownDevice } from '../../drivers/driver.ts'
import { PlantValues } from '../sparkplug/values.ts'
import type { ViewSetup } from './protocol.ts'
import { OpcUaView } from './view.ts'

export interface ViewParts {
  readonly setup: ViewSetup
  readonly clock: Clock
  readonly log: Logger
  devices(): readonly KnownDevice[]
  health(): readonly DeviceHealth[]
}

/** The view and what it is fed with; loaded only where the room is shown to a plant over OPC UA. */
export function startOpcUaView({ setup, clock, log, devices, health }: ViewParts) {
  const values = new PlantValues(devices, health, clock)
  const sample = () => values.sample()
  const view = new OpcUaView({ setup, clock, log, random: Math.random, sample })
  view.start()
  return {
    take: (event: DriverEvent, ageMs: number) => values.take(event, ageMs),
    listening: view.listening,
    stop: () => view.stop(),
  }
}
