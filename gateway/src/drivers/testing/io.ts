import type { DriverIo } from '../link/byte-link.ts'
import { openTcp } from '../link/tcp-link.ts'

/** The machine's sockets with a fixed jitter of none; a serial line is carried by a loopback socket. */
export const loopbackIo = (serialPort = 0): DriverIo => ({
  tcp: openTcp,
  serial: () => openTcp('127.0.0.1', serialPort),
  random: () => 0,
})
