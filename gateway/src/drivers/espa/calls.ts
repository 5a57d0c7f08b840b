import type { InputReport } from '../driver.ts'
import { type EspaMessage, recordOf } from './frames.ts'

/** Which calls of the panel are this point; what is left out does not matter. */
export interface PointMatch {
  readonly id: string
  readonly address?: string
  readonly priority?: string
  /** Part of the display text, in either case. */
  readonly text?: string
}
/** How the panel says that a call is over. */
export interface ResetMatch {
  readonly callType?: string
  readonly callStatus?: string
  readonly text?: string
}

const callToPager = '1'
const [addressId, textId, typeId, priorityId, statusId] = ['1', '2', '4', '6', '7'] as const
/** Call type 1 cancels a call [known]. */
const plainReset: ResetMatch = { callType: '1' }

/** Calls that stand, as far as the panel has told us. Pure: messages in, states out. */
export class Calls {
  readonly #points: readonly PointMatch[]
  readonly #reset: ResetMatch
  /** Point → call address → display text. */
  readonly #standing = new Map<string, Map<string, string>>()

  constructor(points: readonly PointMatch[], reset: ResetMatch = plainReset) {
    this.#points = points
    this.#reset = reset
  }

  /** False when no point is meant: the settings do not know this call. */
  take(message: EspaMessage): boolean {
    if (message.header !== callToPager) return true
    const address = recordOf(message, addressId) ?? ''
    const text = recordOf(message, textId) ?? ''
    if (this.#isReset(message)) {
      for (const calls of this.#standing.values()) calls.delete(address)
      return true
    }
    const meant = this.#points.filter((p) => fits(p, message))
    for (const { id } of meant) {
      const calls = this.#standing.get(id) ?? new Map<string, string>()
      this.#standing.set(id, calls.set(address, text))
    }
    return meant.length > 0
  }

  /** `clear` says that no call stands, nothing more: ESPA tells calls, not states. */
  state(point: string): Exclude<InputReport, 'unknown'> {
    return (this.#standing.get(point)?.size ?? 0) > 0 ? 'active' : 'clear'
  }
  /** What the panel shows about it: the text of the last call. */
  text(point: string): string | undefined {
    return [...(this.#standing.get(point)?.values() ?? [])].at(-1) || undefined
  }

  #isReset(message: EspaMessage): boolean {
    const { callType, callStatus, text } = this.#reset
    const said = (id: string) => recordOf(message, id)
    return (
      (callType === undefined || said(typeId) === callType) &&
      (callStatus === undefined || said(statusId) === callStatus) &&
      (text === undefined || contains(said(textId), text))
    )
  }
}

const contains = (whole: string | undefined, part: string) =>
  (whole ?? '').toLowerCase().includes(part.toLowerCase())

const fits = (p: PointMatch, message: EspaMessage) =>
  (p.address === undefined || recordOf(message, addressId) === p.address) &&
  (p.priority === undefined || recordOf(message, priorityId) === p.priority) &&
  (p.text === undefined || contains(recordOf(message, textId), p.text))
