/** What the way strip may say of a box: state, last evidence and how sure it is. */
import type { BoxCard } from '@lantai/contracts'

/** Confidence in words; a number would claim more than is known (locating 9). */
export const confidenceWord = (confidence: number): 'sure' | 'fair' | 'weak' =>
  confidence >= 0.9 ? 'sure' : confidence >= 0.6 ? 'fair' : 'weak'

/** The first title that this reader may see; null when there is none. */
export const titleOf = (box: BoxCard): string | null =>
  box.files.find((f) => f.visible && f.title !== null)?.title ?? null

/** True when the box holds files and this reader may see none of them. */
export const isHidden = (box: BoxCard): boolean =>
  box.files.length > 0 && box.files.every((f) => !f.visible)

/** The place to walk to: where the box is believed to be, else where it belongs. */
export const placeToWalk = (box: BoxCard): string | null =>
  box.state === 'onShelf' || box.state === 'reserved'
    ? (box.home ?? box.belief.place)
    : (box.belief.place ?? box.home)
