import type { TagRead } from '../driver.ts'
import type { Framing } from './framing.ts'
import type { RadioSettings } from './limits.ts'

/** One question to a module; its answer carries the same code. */
export interface Command {
  readonly what: string
  readonly code: number
  readonly bytes: Uint8Array
  /** Silence or refusal does no harm, as when something is stopped that does not run. */
  readonly mayFail?: true
}

/** What one frame of a module says. Absent is absent. */
export interface Heard {
  readonly reads?: readonly TagRead[]
  readonly answer?: { code: number; ok: boolean; why?: string; data: Uint8Array }
  /** A round of inventory ended, with tags or without. */
  readonly roundOver?: true
  /** A whole frame whose content cannot be believed. */
  readonly bad?: string
}

/** A family of modules: its frames as data, its words as functions without state. */
export interface Family {
  readonly framing: Framing
  /** Both directions, for captured streams. */
  readonly bothWays: Framing
  /** A module that said nothing for so long has restarted or is gone. */
  readonly silentMs: number
  /** After so many rounds the next step of the cycle is written; null where one start lasts for ever. */
  readonly roundsPerStep: number | null
  readonly version: Command
  /** Region, power, antennas and whatever else a restart loses, in order. */
  configure(s: RadioSettings): Command[]
  readonly stop: Command | null
  /** Commands of the inventory, written one after another, over and over. */
  cycle(s: RadioSettings): Uint8Array[]
  hear(frame: Uint8Array): Heard
  firmware(data: Uint8Array): string | null
  readonly beep?: Command
  /** Fields of a frame for people, in either direction. */
  describe(frame: Uint8Array): Record<string, unknown>
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase()
export const u16 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
export const i8 = (n: number | undefined): number => ((n ?? 0) << 24) >> 24
export const i16 = (bytes: Uint8Array, at: number): number => (u16(bytes, at) << 16) >> 16

/** Gen2 holds an EPC of 1 to 31 words; anything else is no EPC. */
export const isEpc = (bytes: Uint8Array): boolean =>
  bytes.length >= 2 && bytes.length <= 62 && bytes.length % 2 === 0

/** Printable part of a name that a module gives. */
export const printable = (bytes: Uint8Array): string | null =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^ -~]/g, '')
    .trim() || null
