import type { TagRead } from '../driver.ts'
import type { RfidScanResult, ScanData } from './frames.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase()
const wholeWords = /^([0-9A-F]{4}){1,31}$/
/** The unit of `Strength` is the device's own (OPC 30010 9.3.13); what cannot be dBm is left out. */
const plausibleDbm = (n: number) => n < 0 && n >= -120
const noAntenna = 0

/** EPC and PC of what was scanned; null where it is no EPC of whole words. */
export function epcOf(data: ScanData): { epc: string; pc?: number } | null {
  const text = textOf(data)
  if (text === null || !wholeWords.test(text)) return null
  return { epc: text, ...(data.kind === 'epc' ? { pc: data.pc } : {}) }
}

function textOf(data: ScanData): string | null {
  switch (data.kind) {
    case 'none':
      return null
    case 'bytes':
      return data.bytes && hex(data.bytes)
    case 'string':
      return data.text?.toUpperCase() ?? null
    case 'epc':
      return data.uid && hex(data.uid)
  }
}

/** One read for each sighting; null when it names no tag. Absent fields stay absent. */
export function tagReads(result: RfidScanResult): TagRead[] | null {
  const tag = epcOf(result.data)
  if (!tag) return null
  if (result.sightings.length === 0)
    return [{ ...tag, antenna: noAntenna, count: 1, ...timeOf(result.atMs) }]
  return result.sightings.map(({ antenna, strength, atMs }) => ({
    ...tag,
    antenna: Math.max(noAntenna, antenna),
    count: 1,
    ...rssiOf(strength),
    ...timeOf(atMs ?? result.atMs),
  }))
}

/** A value of `LastScanData` with what the device said at the same moment. */
export function lastScanRead(
  data: ScanData,
  said: { antenna?: number; strength?: number; atMs: number | null },
): TagRead | null {
  const tag = epcOf(data)
  if (!tag) return null
  const { antenna = noAntenna, strength, atMs } = said
  return {
    ...tag,
    antenna: Math.max(noAntenna, antenna),
    count: 1,
    ...(strength === undefined ? {} : rssiOf(strength)),
    ...timeOf(atMs),
  }
}

const rssiOf = (strength: number) => (plausibleDbm(strength) ? { rssiDbm: strength } : {})
const timeOf = (atMs: number | null) => (atMs === null ? {} : { deviceTimeMs: atMs })
