/** What a device was told to show, learnt while nothing was wrong, and whether a driver says anything else. Pure. */
import type { DriverEvent } from '@lantai/gateway'

/** More than these and they count as a continuous quantity, of which the range is known. */
const fewValues = 16

/** Each value of an event by the name of its point; what is unknown is no value. */
export function valuesOf(e: DriverEvent): [point: string, value: string | number][] {
  switch (e.kind) {
    case 'readings':
      return Object.entries(e.values).map(([quantity, v]) => [`${e.sensor}.${quantity}`, v])
    case 'tags':
      return e.reads.map((r) => ['epc', r.epc])
    case 'contact':
      return e.state === 'unknown' ? [] : [[e.input, e.state]]
    case 'bank':
      return bankValues(e.observed)
    case 'odometry':
      return [['xMm', e.xMm]]
    case 'round':
      return e.epcs.map((epc) => ['epc', epc])
    case 'health':
    case 'hole':
    case 'sensorSilent':
      return []
  }
}

function bankValues(
  observed: Extract<DriverEvent, { kind: 'bank' }>['observed'],
): [string, string | number][] {
  const { mode, motion, openAisle, columns } = observed
  return [
    ['mode', mode === 'unknown' ? null : mode] as const,
    ['motion', motion === 'unknown' ? null : motion] as const,
    ['openAisle', openAisle] as const,
    ...columns.map((c) => [`column ${c.column}`, c.xMm] as const),
  ].flatMap(([point, value]) => (value === null ? [] : [[point, value]]))
}

export class Told {
  readonly #known = new Map<string, Set<string | number>>()

  learn(events: readonly DriverEvent[]) {
    for (const [point, value] of events.flatMap(valuesOf)) {
      const seen = this.#known.get(point) ?? new Set()
      this.#known.set(point, seen.add(value))
    }
  }
  get size(): number {
    return this.#known.size
  }
  /** Values that were never told, as sentences, each once. */
  strange(events: readonly DriverEvent[]): string[] {
    const strange = events.flatMap(valuesOf).filter(([point, value]) => !this.#has(point, value))
    return [...new Set(strange.map(([point, value]) => `${point} = ${value}`))]
  }

  #has(point: string, value: string | number): boolean {
    const seen = this.#known.get(point)
    if (!seen) return false
    if (seen.size <= fewValues || typeof value === 'string') return seen.has(value)
    const numbers = [...seen].filter((v) => typeof v === 'number')
    return value >= Math.min(...numbers) && value <= Math.max(...numbers)
  }
}
