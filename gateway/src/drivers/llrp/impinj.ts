/** Impinj's extensions (vendor 25882): phase, fine RSSI, TID and Doppler. Source: devices 3.2; no live reader was seen. */
import { ByteReader, ByteWriter, LlrpFormatError } from './bytes.ts'
import {
  find,
  nothingSkipped,
  type Parameter,
  param,
  readParameters,
  writeParameter,
} from './parameters.ts'

export const impinjVendor = 25882
export const enableExtensions = {
  subtype: 21,
  responseSubtype: 22,
  payload: new Uint8Array(4),
} as const

export const contentSelector = 50
const enable = { tid: 51, phase: 52, fineRssi: 53, doppler: 67 } as const
const reported = { tid: 55, phase: 56, rssi: 57, doppler: 68 } as const
const fullCircle = 4096

/** The part of a report specification that asks for phase, fine RSSI, TID and Doppler. */
export function impinjContentSelector(): Parameter<'Custom'> {
  const w = new ByteWriter()
  for (const subtype of [enable.tid, enable.phase, enable.fineRssi, enable.doppler])
    writeParameter(w, param('Custom', { vendor: impinjVendor, subtype, data: Uint8Array.of(0, 1) }))
  return param('Custom', { vendor: impinjVendor, subtype: contentSelector, data: w.done() })
}

/** Status in the answer to the extension request; null where there is none. */
export function extensionStatus(payload: Uint8Array): number | null {
  try {
    const params = readParameters(new ByteReader(payload), nothingSkipped())
    return find(params, 'LLRPStatus')?.values.code ?? null
  } catch (error) {
    if (error instanceof LlrpFormatError) return null
    throw error
  }
}

export interface ImpinjRead {
  /** Comparable only within one antenna and one channel. */
  phaseRad?: number
  rssiDbm?: number
  tid?: Uint8Array
  dopplerHz?: number
}

/** What Impinj's own parameters say about a read. Absent stays absent; a value out of its range is absent too. */
export function impinjRead(params: readonly Parameter[]): ImpinjRead {
  const read: ImpinjRead = {}
  for (const p of params) {
    if (p.name !== 'Custom' || p.values.vendor !== impinjVendor) continue
    take(read, p.values.subtype, p.values.data)
  }
  return read
}

function take(read: ImpinjRead, subtype: number, data: Uint8Array) {
  // Too short to hold its number: absent, as any other value that cannot be read.
  if (data.length < 2) return
  const r = new ByteReader(data)
  switch (subtype) {
    case reported.phase: {
      const steps = r.u16()
      if (steps < fullCircle) read.phaseRad = (steps * 2 * Math.PI) / fullCircle
      break
    }
    case reported.rssi:
      read.rssiDbm = r.i16() / 100
      break
    case reported.doppler:
      read.dopplerHz = r.i16() / 16
      break
    case reported.tid: {
      const length = r.u16() * 2
      if (length > 0 && length <= r.left) read.tid = r.bytes(length)
      break
    }
  }
}
