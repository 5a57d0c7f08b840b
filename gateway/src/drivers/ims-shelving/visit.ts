import { type Clock, millis } from '@lantai/contracts'
import type { OpenLink } from '../link/byte-link.ts'

export type Visit =
  /** `reply` is what came before the peer hung up, the time was over, or `enough` was content. */
  | { kind: 'visited'; reply: string }
  | { kind: 'withdrawn' }
  | { kind: 'failed'; why: string; written: boolean }

export interface VisitOptions {
  open: OpenLink
  clock: Clock
  withinMs: number
  /** Written once connected, if `still` says so in that moment; null only knocks at the door. */
  request: Uint8Array | null
  still(): boolean
  enough(reply: string): boolean
}

/** Longer than any reply that was seen described; what comes behind it is not kept. */
const longestReply = 512

/** One short connection: connect, write, hear the answer, hang up. */
export function visit(o: VisitOptions): Promise<Visit> {
  return new Promise((resolve) => {
    let reply = ''
    let written = false
    let over = false
    const end = (result: Visit) => {
      if (over) return
      over = true
      timer.cancel()
      // The handlers may be called before `open` has returned the link.
      queueMicrotask(() => void link.close().then(() => resolve(result)))
    }
    const heard = (why: string): Visit =>
      reply === '' ? { kind: 'failed', why, written } : { kind: 'visited', reply }
    const timer = o.clock.after(millis(o.withinMs), () => end(heard('no answer in time')))
    const link = o.open({
      opened: () => {
        if (over) return
        if (!o.request) return end({ kind: 'visited', reply })
        if (!o.still()) return end({ kind: 'withdrawn' })
        written = true
        link.write(o.request)
      },
      data: (chunk) => {
        reply = (reply + Buffer.from(chunk).toString('latin1')).slice(0, longestReply)
        if (o.enough(reply)) end(heard(''))
      },
      closed: (why) => end(heard(why)),
    })
  })
}
