/** Tags on the desk's reader, as they come and go. */
import type { LiveDelta } from '@lantai/contracts'
import { useState } from 'react'
import { useLiveRoom } from '../../lib/live.ts'

export type ReaderTag = LiveDelta<'desk'>

export function patchTags(tags: readonly ReaderTag[], delta: ReaderTag): ReaderTag[] {
  const others = tags.filter((t) => t.epc !== delta.epc || t.reader !== delta.reader)
  return delta.present ? [...others, delta].slice(-20) : others
}

/** @param onArrive told once for each tag that comes onto the reader */
export function useDeskReader(onArrive: (tag: ReaderTag) => void): readonly ReaderTag[] {
  const [tags, set] = useState<readonly ReaderTag[]>([])
  useLiveRoom('desk', {
    onDelta: (delta) => {
      const known = tags.some((t) => t.epc === delta.epc && t.reader === delta.reader)
      set((now) => patchTags(now, delta))
      if (delta.present && !known) onArrive(delta)
    },
    onResync: () => set([]),
  })
  return tags
}
