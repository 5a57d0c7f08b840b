import { randomUUID } from 'node:crypto'
import type { LiveDelta, LiveMessage, LiveRoomName } from '@lantai/contracts'

type Listener = (message: LiveMessage) => void
type Provider = () => Promise<unknown>

/**
 * Rooms with dense versions per process epoch. It delivers to whoever listens now and keeps nothing: a page that
 * sees a hole or another epoch fetches again over HTTP (rule D17).
 */
export class Live {
  readonly epoch = randomUUID()
  readonly #versions = new Map<LiveRoomName, number>()
  readonly #listeners = new Set<Listener>()
  readonly #providers = new Map<LiveRoomName, Provider>()

  /** Only for what is committed, or was never meant to be (mirrors of the gateways' live state). */
  publish<R extends LiveRoomName>(room: R, data: LiveDelta<R>) {
    const version = this.version(room) + 1
    this.#versions.set(room, version)
    for (const listener of this.#listeners) listener({ room, epoch: this.epoch, version, data })
  }

  version(room: LiveRoomName): number {
    return this.#versions.get(room) ?? 0
  }

  /** Returns the function that stops listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** What a page gets on joining `room`, in the shape of the room's delta. */
  provide<R extends LiveRoomName>(room: R, snapshot: () => Promise<LiveDelta<R> | null>) {
    this.#providers.set(room, snapshot)
  }

  /** The version is read before the snapshot, so that a delta in between is applied twice rather than missed. */
  async enter(room: LiveRoomName): Promise<{ version: number; snapshot: unknown }> {
    const version = this.version(room)
    const snapshot = (await this.#providers.get(room)?.()) ?? null
    return { version, snapshot }
  }
}
