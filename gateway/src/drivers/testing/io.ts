import type { DriverIo } from '../link/byte-link.ts'
import { openTcp, openTls } from '../link/tcp-link.ts'
import { openUdp } from '../link/udp-link.ts'

/** The machine's sockets with a fixed jitter of none; a serial line is carried by a loopback socket. */
export const loopbackIo = (serialPort = 0): DriverIo => ({
  tcp: openTcp,
  tls: openTls,
  udp: openUdp,
  serial: () => openTcp('127.0.0.1', serialPort),
  random: () => 0,
})
