import type { OpcUaViewSettings } from './settings.ts'

/** One value as it may be shown now; null where it is not known. */
export interface ViewSample {
  readonly name: string
  readonly type: 'Double' | 'Boolean' | 'String' | 'Int32' | 'Int64' | 'UInt64'
  readonly value: number | boolean | string | null
  readonly quality: 'good' | 'stale' | 'bad'
  /** Wall milliseconds of the observation. */
  readonly at: number
}
export interface ViewDevice {
  readonly id: string
  readonly samples: readonly ViewSample[]
}

export interface ViewSetup {
  readonly settings: OpcUaViewSettings
  /** Folder of the view's own certificate and trust list. */
  readonly pki: string
  readonly name: string
}
export type ToView =
  | { kind: 'setup'; setup: ViewSetup }
  | { kind: 'samples'; devices: readonly ViewDevice[] }
  | { kind: 'stop' }
export type FromView = { kind: 'ready'; port: number }

/** Without a word from the gateway for so long, nothing in the view is live. */
export const silentMs = 2000
