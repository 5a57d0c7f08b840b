import type { FactType } from '@lantai/contracts'
import { applyConditions } from '../features/alarms/alarms.ts'
import { applyReadings } from '../features/climate/climate.ts'
import { applyConfigChanges } from '../features/devices/facts.ts'
import { applyConsoleActs, applyDevices, applyGaps } from '../features/gateways/gateways.ts'
import { applyRounds } from '../features/gateways/rounds.ts'
import { applyCommands } from '../features/shelving/shelving.ts'
import { applyPassages, applySightings } from '../features/whereabouts/edge.ts'
import type { Apply } from './effect.ts'

/**
 * What each edge fact does, in this order, in the transaction of its batch. The one place to look up who acts on a
 * fact; a type without a function is stored as received and does nothing.
 */
export const effects: { readonly [T in FactType]: readonly Apply<T>[] } = {
  'lantai.sighting.v1': [applySightings],
  'lantai.round.v1': [applyRounds],
  'lantai.passage.v1': [applyPassages],
  'lantai.command.v1': [applyCommands],
  'lantai.console.v1': [applyConsoleActs],
  'lantai.config.v1': [applyConfigChanges],
  'lantai.condition.v1': [applyConditions],
  'lantai.device.v1': [applyDevices],
  'lantai.readings.v1': [applyReadings],
  'lantai.gap.v1': [applyGaps],
  // Its time is all that counts of it, as of any record (features/retiming).
  'lantai.clock.v1': [],
}
