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
    misplaced: number | null
  }[]
}

/** Words in which a locator would say that a box is gone. It has none: the five classes hold no such word. */
const gone = /missing|absent|lost|gone/

export const ours = (locate: Locate, name = 'Lantai'): Method => ({
  name,
  confident: true,
  answer({ reads, scene }) {
    const { located, detail } = locate(reads, scene)
    const misplacement = new Map(
      detail.flatMap(({ epc, misplaced }) =>
        misplaced === null ? [] : [[sameEpc(epc), misplaced] as const],
      ),
    )
    const suspected = located.filter((l) => gone.test(l.class ?? '')).map((l) => l.epc)
    return { located, misplacement, suspected }
  },
})
