import type { Address, Belief, SlotState } from '@lantai/contracts'
import { parseAddress } from '@lantai/contracts'
import { sameShelf } from '../stack/stack.ts'

/**
 * What a slot is drawn as. `misplaced` says that the box was last read or put elsewhere; `unread` that nothing but
 * the catalogue, or the desk that sent it back, speaks for its being there. Never "missing".
 */
export function boxState(box: {
  home: Address | null
  belief: Belief | null
  lent: boolean
}): SlotState {
  if (box.lent) return 'lent'
  const { belief, home } = box
  if (!belief || belief.evidence.kind === 'import' || belief.evidence.kind === 'returned')
    return 'unread'
  const place = belief.place === null ? null : parseAddress(belief.place)
  if (place) return home && sameShelf(place, home) ? 'onShelf' : 'misplaced'
  return 'misplaced'
}
