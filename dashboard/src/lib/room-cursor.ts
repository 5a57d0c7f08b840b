/** Decides what a live message is worth. Pure: a push is not delivery, so every hole is noticed (rule D17). */
export interface Cursor {
  readonly epoch: string
  readonly version: number
}
export type Verdict = 'deliver' | 'old' | 'hole'

export function judge(cursor: Cursor, message: Cursor): Verdict {
  if (message.epoch !== cursor.epoch) return 'hole'
  if (message.version <= cursor.version) return 'old'
  return message.version === cursor.version + 1 ? 'deliver' : 'hole'
}

export type LinkState = 'connecting' | 'up' | 'lost'

export const pingAfterMs = 3000
/** Link lost is on the screen within ten seconds (ux 3). One second is left for the tick that looks. */
export const lostAfterMs = 8500

/** What a silence of the socket means. A socket that is open but was never answered is not a link. */
export function linkOf(connected: boolean, everUp: boolean, silentMs: number): LinkState {
  if (connected && everUp && silentMs < lostAfterMs) return 'up'
  return everUp || silentMs >= lostAfterMs ? 'lost' : 'connecting'
}
