/** Where every box truly is. Only what differs from its home is kept. */
import { parseAddress } from '@lantai/contracts'
import type { StoreBox } from './catalogue/boxes.ts'

/** `home`, an address `12A-3-4-2`, `desk-1`, `carried` (in somebody's hands in the room) or `outside`. */
export type TruePlace = string
export type PlacesSaved = Readonly<Record<string, TruePlace>>

export class Places {
  readonly #byCode: ReadonlyMap<string, StoreBox>
  readonly #byEpc: ReadonlyMap<string, StoreBox>
  readonly #away: Map<string, TruePlace>

  /** `lent` are the boxes that are out on the first day; a saved state overrides it. */
  constructor(boxes: readonly StoreBox[], lent: readonly string[], saved?: PlacesSaved) {
    this.#byCode = new Map(boxes.map((b) => [b.code, b]))
    this.#byEpc = new Map(boxes.map((b) => [b.epc, b]))
    this.#away = new Map(saved ? Object.entries(saved) : lent.map((code) => [code, 'outside']))
  }

  get saved(): PlacesSaved {
    return Object.fromEntries(this.#away)
  }
  get boxes(): readonly StoreBox[] {
    return [...this.#byCode.values()]
  }

  byCode(code: string): StoreBox | null {
    return this.#byCode.get(code) ?? null
  }
  byEpc(epc: string): StoreBox | null {
    return this.#byEpc.get(epc) ?? null
  }

  placeOf(code: string): TruePlace {
    return this.#away.get(code) ?? this.#byCode.get(code)?.home ?? 'outside'
  }

  put(code: string, place: TruePlace): void {
    const home = this.#byCode.get(code)?.home
    if (place === 'home' || place === home) this.#away.delete(code)
    else this.#away.set(code, place)
  }

  /** Codes of the boxes that are at a place. Cheap for what is not a shelf. */
  at(place: TruePlace): string[] {
    return [...this.#away].filter(([, p]) => p === place).map(([code]) => code)
  }
}

/** Places outside the shelves that a box may be put to. */
export const openPlaces = ['home', 'desk-1', 'carried', 'outside'] as const
export const isPlace = (text: string): boolean =>
  openPlaces.some((p) => p === text) || parseAddress(text)?.slot !== undefined
