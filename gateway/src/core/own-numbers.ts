import { type EpcProfile, readTag } from '@lantai/contracts'
import type { TagRead } from '../drivers/driver.ts'

/** Tags whose PC word is remembered; more never lie in the fields of one gateway at once. */
const mostTags = 20_000

/** What a tag says by a numbering of the archive's own (docs/epc.md). */
export interface OwnNumber {
  box: string
  pc?: number
}

/**
 * Reads tags by the profiles of a site. PC words come with the reads and are needed when something is said of the tag, so
 * they are kept meanwhile, the oldest first to go. Without profiles nothing is kept and nothing is said.
 */
export class OwnNumbers {
  readonly #profiles: () => readonly EpcProfile[]
  readonly #pc = new Map<string, number>()

  /** @param profiles those in force; they have passed `checkProfiles` */
  constructor(profiles: () => readonly EpcProfile[]) {
    this.#profiles = profiles
  }

  heard({ epc, pc }: TagRead) {
    if (this.#profiles().length === 0 || pc === undefined || this.#pc.get(epc) === pc) return
    this.#pc.delete(epc)
    this.#pc.set(epc, pc)
    if (this.#pc.size <= mostTags) return
    const [oldest] = this.#pc.keys()
    if (oldest !== undefined) this.#pc.delete(oldest)
  }

  /** Null for a tag that fits no profile, and for one whose number is no box code. */
  of(epc: string): OwnNumber | null {
    const profiles = this.#profiles()
    if (profiles.length === 0) return null
    const pc = this.#pc.get(epc)
    const read = readTag(epc, pc ?? null, profiles)
    if (read.kind !== 'profile') return null
    return { box: read.reading.box, ...(pc === undefined ? {} : { pc }) }
  }
}
