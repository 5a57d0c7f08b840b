import { isIP } from 'node:net'
import { hostname } from 'node:os'

/** Where a device listens, as `npm run sim -- … --host` has said; this machine alone where nobody has. */
export function listenHost(): string {
  const { SIM_HOST = '127.0.0.1' } = process.env
  return SIM_HOST
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

const everywhere = new Set(['0.0.0.0', '::'])

/** Under which name clients are sent to it: "everywhere" is no address. */
export const namedHost = (host = listenHost()): string => (everywhere.has(host) ? hostname() : host)

/** Where on this machine something that listens at `host` is reached. */
export function nearHost(host = listenHost()): string {
  if (!everywhere.has(host)) return host
  return isIP(host) === 6 ? '::1' : '127.0.0.1'
}

/** Of a datagram socket that is to be bound to `host`. */
export const datagramFamily = (host = listenHost()): 'udp4' | 'udp6' =>
  isIP(host) === 6 ? 'udp6' : 'udp4'
