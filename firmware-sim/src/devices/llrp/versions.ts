/** Which version of LLRP is spoken on this connection. It begins with 1.0.1 each time. */
import { type Message, m } from './messages.ts'

export type Version = 1 | 2
export const v101 = 1
export const v11 = 2

export class Versions {
  readonly highest: Version
  current: Version = v101

  constructor(highest: Version) {
    this.highest = highest
  }

  /** Version 1.1's own two messages are always in its version; everything else is in the current one. */
  speaks({ version, type }: Message): boolean {
    const own = type === m.getSupportedVersion || type === m.setProtocolVersion
    return own ? this.highest >= v11 && version === v11 : version === this.current
  }
  /** False: not one that this reader has. */
  set(version: number): boolean {
    if (version !== v101 && version !== v11) return false
    if (version > this.highest) return false
    this.current = version
    return true
  }
  reset(): void {
    this.current = v101
  }
}
