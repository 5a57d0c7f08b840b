/**
 * The life of one alarm after ISA-18.2, as OPC UA Part 9 models it (ux 4.6): pure, so that every order of
 * transitions can be tried. Order is the order of the lane; times are only shown.
 */
import type { AlarmState } from '@lantai/contracts'

export interface Acknowledged {
  readonly by: string
  readonly at: Date
  readonly comment: string | null
}
export interface Reset {
  readonly by: string
  readonly at: Date
  readonly reason: string
}
export interface AlarmLife {
  readonly active: boolean
  readonly latched: boolean
  readonly ack: Acknowledged | null
  /** The inspection on site since the condition last came. */
  readonly reset: Reset | null
  readonly since: Date
  readonly returnedAt: Date | null
  readonly closedAt: Date | null
}

/** What a gateway, or the server itself, says of a condition. */
export interface Transition {
  readonly at: Date
  readonly active: boolean
  readonly latched: boolean
  /** A kind that only leaves by a named person's reset on site (rule S8). */
  readonly latching: boolean
  readonly reset: Reset | null
}

export function stateOf(life: AlarmLife): AlarmState {
  if (life.closedAt) return 'closed'
  if (life.latched) return 'latched'
  if (life.active) return life.ack ? 'acknowledged' : 'unacknowledged'
  return life.ack ? 'closed' : 'returnedUnacknowledged'
}

/** The alarm after a transition; null when there is nothing to show: a return of what was never there. */
export function afterTransition(life: AlarmLife | null, t: Transition): AlarmLife | null {
  if (!life || life.closedAt) return t.active || t.latched ? close(opened(t), t.at) : null
  const came = t.active && !life.active
  const reset = t.reset ?? (came ? null : life.reset)
  return close(
    {
      ...life,
      active: t.active,
      reset,
      // Who comes back wants to be seen again: an acknowledgement belongs to one coming.
      ack: came ? null : life.ack,
      latched: isLatched(life.latched, t, reset),
      returnedAt: t.active ? null : (life.returnedAt ?? t.at),
    },
    t.at,
  )
}

/** Acknowledging is always possible while the alarm is open, also while it is latched. */
export function afterAcknowledge(
  life: AlarmLife,
  ack: Acknowledged,
): { ok: true; life: AlarmLife } | { ok: false; code: 'already-acknowledged' | 'alarm-closed' } {
  if (life.closedAt) return { ok: false, code: 'alarm-closed' }
  if (life.ack) return { ok: false, code: 'already-acknowledged' }
  return { ok: true, life: close({ ...life, ack }, ack.at) }
}

function opened(t: Transition): AlarmLife {
  return {
    active: t.active,
    latched: isLatched(false, t, t.reset),
    ack: null,
    reset: t.reset,
    since: t.at,
    returnedAt: t.active ? null : t.at,
    closedAt: null,
  }
}

/**
 * A latch of fire or smoke outlives what the gateway says until the condition is gone and a named person has
 * inspected, in either order (rule S8); any other latch is the gateway's to hold and to drop.
 */
function isLatched(before: boolean, t: Transition, reset: Reset | null): boolean {
  if (!t.latching) return t.latched
  if (t.active || t.latched) return true
  return before && reset === null
}

function close(life: AlarmLife, at: Date): AlarmLife {
  const over = !life.active && !life.latched && life.ack !== null
  return over ? { ...life, closedAt: at } : life
}
