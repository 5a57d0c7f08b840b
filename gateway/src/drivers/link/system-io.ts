import type { DriverIo } from './byte-link.ts'
import { openSerial } from './serial-link.ts'
import { openTcp } from './tcp-link.ts'

/** The machine's own sockets, ports and randomness. */
export const systemIo: DriverIo = {
  tcp: openTcp,
  serial: openSerial,
  random: Math.random,
}
