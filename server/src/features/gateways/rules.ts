import { type GatewayState, type Millis, seconds, type Tick } from '@lantai/contracts'

/** A gateway ticks every second; silent for this long, it is offline for everyone who looks. */
export const silentAfter: Millis = seconds(5)
/** And after this long it is an alarm. */
export const alarmAfter: Millis = seconds(10)
/** A motion command must quote a nonce that its gateway gave at most 5 s ago (rule S5). */
export const nonceLife: Millis = seconds(5)

export interface Known {
  boot: string | null
  conn: number | null
}

/** A message of an earlier connection, above all a will that comes after the next birth (devices 2). */
export function isStale(known: Known, s: Pick<GatewayState, 'online' | 'boot' | 'conn'>): boolean {
  if (known.boot === null) return false
  if (known.boot !== s.boot) return !s.online
  return s.conn < (known.conn ?? 0)
}

/**
 * What the top bar says of fire: the worst of what is known, and never `normal` while a gateway is silent. A fire that
 * was reported stays until somebody who is heard denies it: silence does not put it out.
 * @param onRecord the fire alarm that is still open
 */
export function fireOf(
  gateways: readonly { online: boolean; tick: Pick<Tick, 'fire' | 'fireLatched'> | null }[],
  onRecord: 'alarm' | 'latched' | null,
): 'normal' | 'alarm' | 'latched' | 'unknown' {
  const heard = gateways.flatMap((g) => (g.tick ? [g.tick] : []))
  if (heard.some((t) => t.fire === 'alarm')) return 'alarm'
  if (heard.some((t) => t.fireLatched)) return 'latched'
  const sure = gateways.length > 0 && gateways.every((g) => g.online && g.tick?.fire === 'normal')
  return sure ? 'normal' : (onRecord ?? 'unknown')
}
