import type { DriverIo } from './byte-link.ts'
import { listSerial, openSerial } from './serial-link.ts'
import { openTcp, openTls } from './tcp-link.ts'
import { openUdp } from './udp-link.ts'

/** The machine's own sockets, ports and randomness. */
export const systemIo: DriverIo = {
  tcp: openTcp,
  tls: openTls,
  udp: openUdp,
  serial: openSerial,
  serialPorts: listSerial,
  random: Math.random,
}
