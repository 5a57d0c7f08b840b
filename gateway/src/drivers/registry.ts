import type { DriverKind } from './driver.ts'
import { kind as espa } from './espa/kind.ts'
import { kind as example } from './example/kind.ts'
import { kind as impinjIot } from './impinj-iot/kind.ts'
import { kind as imsShelving } from './ims-shelving/kind.ts'
import { kind as llrp } from './llrp/kind.ts'
import { kind as mjjShelving } from './mjj-shelving/kind.ts'
import { kind as modbusAir } from './modbus-air/kind.ts'
import { kind as modbusContacts } from './modbus-contacts/kind.ts'
import { kind as modbusOdometer } from './modbus-odometer/kind.ts'
import { kind as modbusShelving } from './modbus-shelving/kind.ts'
import { kind as opcUaAutoId } from './opcua-autoid/kind.ts'
import { kind as opcUaPoints } from './opcua-points/kind.ts'
import { kind as opcUaShelving } from './opcua-shelving/kind.ts'
import { kind as serialUhf } from './serial-uhf/kind.ts'
import { kind as stowShelving } from './stow-shelving/kind.ts'
import { kind as zebraIotc } from './zebra-iotc/kind.ts'
import { kind as zigbee2mqtt } from './zigbee2mqtt/kind.ts'

/**
 * Every driver by its name. What stands here is light: settings, words, facets. The code that speaks a protocol is
 * loaded only in the process that runs it, so that a site without RFID readers never loads LLRP.
 */
const kinds: readonly DriverKind[] = [
  example,
  llrp,
  modbusAir,
  modbusContacts,
  modbusOdometer,
  modbusShelving,
  serialUhf,
  impinjIot,
  zebraIotc,
  zigbee2mqtt,
  espa,
  imsShelving,
  mjjShelving,
  stowShelving,
  opcUaAutoId,
  opcUaPoints,
  opcUaShelving,
]

export const driverKinds: ReadonlyMap<string, DriverKind> = new Map(kinds.map((k) => [k.driver, k]))
