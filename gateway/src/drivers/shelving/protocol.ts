import type { Clock, Millis } from '@lantai/contracts'
import type { Logger } from 'pino'
import type { ShelvingAnswer, ShelvingRequest } from '../driver.ts'
import type { BadFrames } from '../link/bad-frames.ts'
import type { Health } from '../link/health.ts'
import type { BankStatus } from './status.ts'

/** One working link to a controller, from the moment that the right device was found to be there. */
export interface ShelvingLink {
  readonly alive: boolean
  /**
   * Writes the verb at most once, and asks `still` in the very moment before: false is `withdrawn`. A lost reply is
   * `link-lost`, for the controller may have acted; it is never written again here (rule S6).
   */
  send(request: ShelvingRequest, still: () => boolean): Promise<ShelvingAnswer>
  /** Reads the whole status once; null when there was no answer or none that can be trusted, and the link has ended. */
  look(): Promise<BankStatus | null>
  /** Waits, or less when the link ends. */
  pause(delay: Millis): Promise<void>
}

export interface ShelvingHandlers {
  /** Works with one link until it has ended. `up` says that the device proved itself. */
  serve(link: ShelvingLink, up: () => void): Promise<void>
  /** A status that came unasked, or between two looks. */
  news(status: BankStatus): void
  /** After every try that failed and every link that ended, but not after `stop()`. */
  down(reason: string): void
}

/** Keeps one link at a time, for ever, with the backoff of G5: usually a `LinkLoop`. */
export interface ShelvingLoop {
  start(): void
  stop(): Promise<void>
}

/** All that a protocol supplies. It encodes, reads and keeps a link; it repeats, schedules and decides nothing. */
export interface ShelvingProtocol {
  /** False for what the controller cannot do: answered `unsupported`, never imitated with another motion. */
  can(request: ShelvingRequest): boolean
  loop(handlers: ShelvingHandlers): ShelvingLoop
  /** Milliseconds from look to look while something moves; 150 where it is left out. */
  readonly movingMs?: number
  /** What makes a device degraded although it answers, such as a certificate that ends soon. */
  trouble?(): string | null
  /** What a person should know of a device that is online, such as that its checksum is not confirmed. */
  remark?(): string | null
}

/** What a protocol is made with. */
export interface ShelvingTools {
  clock: Clock
  log: Logger
  bad: BadFrames
  health: Health
}
