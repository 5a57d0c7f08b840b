import type { CreateDecoder, Decoded, StreamDecoder } from '../decode.ts'
import type { Family } from './family.ts'
import { FrameSearch, type Piece } from './framing.ts'
import type { FamilyName } from './limits.ts'
import { profileOf } from './profiles.ts'

class FamilyDecoder implements StreamDecoder {
  readonly #family: Family
  readonly #search: FrameSearch

  constructor(family: Family) {
    this.#family = family
    this.#search = new FrameSearch(family.bothWays)
  }
  push(chunk: Uint8Array): Decoded[] {
    return this.#search.push(chunk).map((p) => this.#told(p))
  }
  end(): Decoded[] {
    return this.#search.flush().map((p) => this.#told(p))
  }
  #told(p: Piece): Decoded {
    return 'frame' in p
      ? { offset: p.offset, length: p.frame.length, message: this.#family.describe(p.frame) }
      : { offset: p.offset, length: p.skipped.length, error: p.why }
  }
}

/** Both directions of one family, mixed as they were captured. */
export const decoderOf =
  (family: FamilyName): CreateDecoder =>
  () =>
    new FamilyDecoder(profileOf(family))
