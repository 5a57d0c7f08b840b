import type { Clock, DeviceHealth, FactBody, FrozenScene } from '@lantai/contracts'
import { instant } from '../../core/system-clock.ts'
import type { DriverEvent, KnownDevice } from '../../drivers/driver.ts'
import { checkScene, SceneError } from '../scene.ts'
import { type Gathered, type WalkProgress, WalkRecorder } from './recorder.ts'
import type { ShownWalk } from './result.ts'
import type { Solved } from './solve.ts'

type Act = Extract<FactBody<'lantai.console.v1'>['act'], `${string}Walk`>

export interface WalksDeps {
  readonly clock: Clock
  devices(): readonly KnownDevice[]
  health(): readonly DeviceHealth[]
  /** Puts on record who began and ended a walk. */
  note(act: Act, by: string, face: string): void
  solve(scene: FrozenScene, gathered: Gathered): Promise<Solved>
  /** The locator itself failed: our own fault, not that of the walk. */
  failed(error: unknown): void
}

export interface StartWalk {
  /** Device ids; left out where there is only one. */
  readonly reader?: string
  readonly odometer?: string
  /** Where the cart stands, on the rail. */
  readonly startXMm: number
  readonly scene: FrozenScene
}

export type WalkAnswer = { ok: true } | { ok: false; code: 'walk' | 'scene'; reason: string }

/** What the console shows while somebody walks. */
export interface WalkState {
  readonly readers: readonly CartDevice[]
  readonly odometers: readonly CartDevice[]
  readonly running: (WalkHead & { readonly progress: WalkProgress }) | null
  readonly solving: WalkHead | null
  /** The last one that was solved; `failed` is a code of the scene, or `internal`. */
  readonly last: (WalkHead & { readonly endedAt: string; readonly failed: string | null }) | null
}
export interface CartDevice {
  readonly device: string
  readonly label: string
  readonly online: boolean
}
export interface WalkHead {
  /** Rises with every walk since the gateway was started. */
  readonly number: number
  readonly face: string
  readonly by: string
  readonly startedAt: string
}
export interface WalkResultView extends WalkHead {
  readonly endedAt: string
  readonly shown: ShownWalk
}

interface Running {
  readonly head: WalkHead
  readonly scene: FrozenScene
  readonly recorder: WalkRecorder
}

/** One walk at a time, and the result of the last one: kept in memory only, until a count has a place of its own. */
export class Walks {
  readonly #deps: WalksDeps
  #running: Running | null = null
  #solving: WalkHead | null = null
  #last: WalkState['last'] = null
  #result: WalkResultView | null = null
  #count = 0

  constructor(deps: WalksDeps) {
    this.#deps = deps
  }

  get state(): WalkState {
    return {
      readers: this.#carts((d) => d.facets.reader?.role === 'cart'),
      odometers: this.#carts((d) => d.facets.odometer !== undefined),
      running: this.#running && {
        ...this.#running.head,
        progress: this.#running.recorder.progress,
      },
      solving: this.#solving,
      last: this.#last,
    }
  }
  get result(): WalkResultView | null {
    return this.#result
  }

  take(event: DriverEvent, ageMs: number): void {
    this.#running?.recorder.take(event, ageMs)
  }
  /** These devices are not heard until they speak again. */
  lost(devices: readonly string[]): void {
    this.#running?.recorder.lost(devices)
  }

  start({ reader, odometer, startXMm, scene }: StartWalk, by: string): WalkAnswer {
    if (this.#running || this.#solving) return refused('another walk is under way')
    const { readers, odometers } = this.state
    const cart = chosen(readers, reader)
    if (!cart) return refused('which reader of a cart is not clear')
    const wheel = chosen(odometers, odometer)
    if (!wheel) return refused('which odometer is not clear')
    if (!cart.online) return refused('the reader of the cart is not online')
    if (!wheel.online) return refused('the odometer is not online')
    const wrong = wrongWith(scene)
    if (wrong) return { ok: false, code: 'scene', reason: wrong }
    this.#begin(scene, by, { reader: cart.device, odometer: wheel.device, startXMm })
    return { ok: true }
  }

  cancel(by: string): WalkAnswer {
    if (!this.#running) return refused('no walk is under way')
    this.#deps.note('cancelWalk', by, this.#running.head.face)
    this.#running = null
    return { ok: true }
  }

  /** Ends the walk; its result is there when `state.last` has its number. */
  finish(by: string): WalkAnswer {
    if (!this.#running) return refused('no walk is under way')
    const { head, scene, recorder } = this.#running
    this.#deps.note('finishWalk', by, head.face)
    this.#running = null
    this.#solving = head
    const gathered = recorder.finish()
    const endedAt = instant(this.#deps.clock.now())
    void this.#deps
      .solve(scene, gathered)
      .catch((error: unknown) => {
        this.#deps.failed(error)
        return { ok: false, code: 'internal' } as const
      })
      .then((solved) => this.#solved(head, endedAt, solved))
    return { ok: true }
  }

  #begin(
    scene: FrozenScene,
    by: string,
    settings: ConstructorParameters<typeof WalkRecorder>[0],
  ): void {
    const startedAt = instant(this.#deps.clock.now())
    const head = { number: ++this.#count, face: scene.face, by, startedAt }
    this.#running = { head, scene, recorder: new WalkRecorder(settings, this.#deps.clock) }
    this.#deps.note('startWalk', by, scene.face)
  }

  #solved(head: WalkHead, endedAt: string, solved: Solved | { ok: false; code: 'internal' }): void {
    this.#solving = null
    this.#last = { ...head, endedAt, failed: solved.ok ? null : solved.code }
    this.#result = solved.ok ? { ...head, endedAt, shown: solved.shown } : null
  }

  #carts(fits: (d: KnownDevice) => boolean): CartDevice[] {
    const health = new Map(this.#deps.health().map((h) => [h.device, h.state]))
    return this.#deps
      .devices()
      .filter((d) => !d.entry.disabled && fits(d))
      .map(({ entry: { id, label } }) => {
        const state = health.get(id)
        return { device: id, label, online: state === 'online' || state === 'degraded' }
      })
  }
}

const refused = (reason: string): WalkAnswer => ({ ok: false, code: 'walk', reason })

const chosen = (devices: readonly CartDevice[], id: string | undefined): CartDevice | undefined =>
  id === undefined && devices.length === 1 ? devices[0] : devices.find((d) => d.device === id)

/** What makes a scene impossible before anybody has walked; null where nothing does. */
function wrongWith({ face: _, labels: __, ...frozen }: FrozenScene): string | null {
  // Any way along the rail stands for the one that is not walked yet.
  const poses = [0, 1].map((n) => ({ at: n, xMm: n * 1000 }))
  try {
    checkScene({ ...frozen, poses })
    return null
  } catch (error) {
    if (error instanceof SceneError) return error.message
    throw error
  }
}
