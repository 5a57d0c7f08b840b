/** The locator as it is shipped, fed like every other method. */
import type { Located, WalkRead, WalkScene } from '@lantai/contracts'
import { type Method, sameEpc } from '../case.ts'

/** What is asked of `locate` of the gateway. */
export type Locate = (
  reads: Iterable<WalkRead>,
  scene: WalkScene,
) => {
  located: readonly Located[]
  detail: readonly {
    epc: string
    reason: string
    moved: number | null
    confidence: { shelf: number }
  }[]
}

/** Words in which a locator would say that a box is gone. It has none: the five classes hold no such word. */
const gone = /missing|absent|lost|gone/

export const ours = (locate: Locate, name = 'Lantai'): Method => ({
  name,
  confident: true,
  answer({ reads, scene }) {
    const { located, detail } = locate(reads, scene)
    // On another shelf it is out of place as surely as it is on that one.
    const misplacement = new Map(
      detail.flatMap(({ epc, reason, moved, confidence }) => {
        if (moved === null) return []
        return [[sameEpc(epc), reason === 'other-shelf' ? moved * confidence.shelf : moved]]
      }),
    )
    const suspected = located.filter((l) => gone.test(l.class ?? '')).map((l) => l.epc)
    return { located, misplacement, suspected }
  },
})
