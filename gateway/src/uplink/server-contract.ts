import { type FactType, facts, type Lane } from '@lantai/contracts'
import type { Put } from '../outbox/types.ts'

const key = 'server.contract'
/** Of a server whose ack says none (ADR 12). */
const unsaid = 3

/**
 * The contract version that the server last spoke, kept over restarts. A fact of a type that it is too old for would
 * only fill its quarantine; as long as nothing was heard of it everything is recorded.
 */
export class ServerContract {
  #version: number | null

  constructor(restored: Record<string, string>) {
    const text = restored[key]
    this.#version = text === undefined ? null : Number(text)
  }

  /** @param contract as an ack says */
  heard(contract: number | undefined): Put | null {
    const version = contract ?? unsaid
    if (version === this.#version) return null
    this.#version = version
    return { key, value: String(version) }
  }

  understands(type: FactType): boolean {
    const fact: { lane: Lane; since?: number } = facts[type]
    return this.#version === null || this.#version >= (fact.since ?? 0)
  }
}
