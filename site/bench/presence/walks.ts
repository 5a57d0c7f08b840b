/** Walks cut out of a gate's stream as the gateway cuts them, each with what it really was: what the judge is fitted on. */
import { Walk, type WalkFeatures, walkFeatures } from '@lantai/gateway'
import type { Act, Direction, GateStream } from './gate-stream.ts'

export interface TrueWalk {
  features: WalkFeatures
  /** null: no passage. */
  truth: Direction | null
  what: Act['happening']['what']
}

const silenceMs = 1500
const judgedEveryMs = 15_000

export function walksOf(stream: GateStream): TrueWalk[] {
  const walks: TrueWalk[] = []
  const open = new Map<string, { walk: Walk; judged: number }>()
  const judge = (epc: string, walk: Walk) => {
    const act = actOf(stream.acts, epc, walk)
    if (!act) return
    const { what, direction } = act.happening
    walks.push({ features: walkFeatures(walk.reads()), truth: direction, what })
  }
  for (const { at, read } of stream.reads) {
    let now = open.get(read.epc)
    if (now && at - now.walk.readAt >= silenceMs) {
      judge(read.epc, now.walk)
      now = undefined
    }
    if (!now) {
      now = { walk: new Walk(at), judged: at }
      open.set(read.epc, now)
    }
    now.walk.add(read, at)
    if (at - now.judged < judgedEveryMs) continue
    now.judged = at
    judge(read.epc, now.walk)
  }
  for (const [epc, { walk }] of open) judge(epc, walk)
  return walks
}

/** What the tag did in that time: a passage when its moment in the door lies in it, else whatever it did there. */
function actOf(acts: readonly Act[], epc: string, walk: Walk): Act | undefined {
  const own = acts.filter((a) => a.epc === epc && a.from <= walk.readAt && a.to >= walk.startedAt)
  const act = own[0]
  if (act?.happening.what !== 'passage') return act
  const passed = act.door >= walk.startedAt - 300 && act.door <= walk.readAt + silenceMs
  return passed ? act : { ...act, happening: { what: 'linger', direction: null } }
}
