/** What the simulated modules have in common, whatever bytes they speak. Written from the specifications. */

export const familyNames = ['m100', 'chafon', 'cf600', 'thingmagic', 'invelion'] as const
export type FamilyName = (typeof familyNames)[number]

/** What a host wants of a module. */
export type Wish =
  | { does: 'version' | 'stop' | 'start' | 'beep' | 'other' }
  | { does: 'region'; region: string }
  | { does: 'power'; dbm: number }
  | { does: 'antenna'; antenna: number }
  /** One round of inventory, answered with its tags and its end. */
  | { does: 'round' }

export interface Order {
  /** Command byte or bytes as they came, to be answered with. */
  readonly code: number
  readonly wish: Wish
}

export interface SeenTag {
  readonly epc: Buffer
  readonly pc: number
  readonly rssiDbm: number
  readonly antenna: number
  readonly kHz: number
}

export interface Speech {
  readonly baud: number
  /** Most that the hardware radiates; more is refused. */
  readonly maxDbm: number
  /** The first whole command in `bytes`; `used` bytes are then done with. Null while more is needed. */
  listen(bytes: Buffer): { used: number; order: Order | null } | null
  done(order: Order): Buffer
  refused(order: Order): Buffer
  tag(tag: SeenTag): Buffer
  /** Nothing was there in this time. */
  nothing(): Buffer
  /** The end of a round that was asked for. */
  roundEnd(tags: readonly SeenTag[]): Buffer
  /** Said unasked when the power comes; empty where a module keeps quiet. */
  greeting(): Buffer
}

/** CRC-16 of a Gen2 tag over its PC and EPC: what the tag backscatters behind them. */
export function tagCrc(bytes: Buffer): number {
  let register = 0xffff
  for (const byte of bytes)
    for (let bit = 7; bit >= 0; bit--) {
      const feedback = ((register >> 15) ^ (byte >> bit)) & 1
      register = ((register << 1) & 0xffff) ^ (feedback ? 0x1021 : 0)
    }
  return ~register & 0xffff
}

export const word = (n: number): number[] => [(n >> 8) & 0xff, n & 0xff]
export const pcOf = (epc: Buffer): Buffer => Buffer.from(word((epc.length / 2) << 11))
