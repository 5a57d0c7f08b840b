/**
 * What can be refused before anything is sent, from the last report of the gateway. It spares a person a wait;
 * the gateway decides all the same (architecture 3).
 */
import type { BankReport, LayoutBank, ProblemCode } from '@lantai/contracts'

/** Older than this an input counts as active (rule S1). */
export const freshMs = 2_000

export interface Heard {
  readonly report: BankReport
  /** Since the report came in, on this process's monotonic clock. */
  readonly agoMs: number
}
export interface Refusal {
  readonly code: Extract<
    ProblemCode,
    | 'gateway-offline'
    | 'state-changed'
    | 'forbidden-by-latch'
    | 'inhibited'
    | 'interlock'
    | 'aisle-unknown'
  >
  readonly detail: string
}

/** Null when a request for motion may be sent. */
export function refusalOf(
  heard: Heard | null,
  gatewayOnline: boolean,
  seenRevision: number,
): Refusal | null {
  if (!heard || !gatewayOnline || heard.agoMs > freshMs)
    return refuse('gateway-offline', 'the gateway has not reported in the last two seconds')
  const { report } = heard
  if (report.observed && report.observed.revision !== seenRevision)
    return refuse('state-changed', 'the bank has moved since you looked')
  if (report.permit) return null
  const latch = report.inhibitions.find((i) => i.kind === 'forbid')
  if (latch)
    return refuse('forbidden-by-latch', [latch.by, latch.reason].filter(Boolean).join(': '))
  const inhibition = report.inhibitions[0]
  if (inhibition) return refuse('inhibited', inhibition.kind)
  return refuse('interlock', standing(heard).join(', ') || 'not permitted by the gateway')
}

/** The inputs that stand in the way, with what is wrong with each: `obstacle active, fire unknown`. */
function standing({ report, agoMs }: Heard): string[] {
  return report.interlocks.flatMap((i) => {
    if (i.state === 'active' || i.state === 'unknown') return [`${i.input} ${i.state}`]
    const old = i.state === 'clear' && (i.ageMs === null || i.ageMs + agoMs > freshMs)
    return old ? [`${i.input} not heard of for too long`] : []
  })
}

/** An aisle is named by the column before it; a bank without that column has no such aisle. */
export function aisleFault(bank: LayoutBank, verb: string, aisle: number | null): Refusal | null {
  if (verb !== 'open') return null
  const known = aisle !== null && bank.columns.some((c) => c.column === aisle)
  return known
    ? null
    : refuse('aisle-unknown', `bank ${bank.bank} has no aisle ${aisle ?? '(none named)'}`)
}

const refuse = (code: Refusal['code'], detail: string): Refusal => ({ code, detail })
