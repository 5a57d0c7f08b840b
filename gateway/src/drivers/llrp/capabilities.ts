import type { Message } from './frames.ts'
import { find, findAll, type Parameter } from './parameters.ts'

/** What a reader says of itself. Nothing here is assumed: null where it did not say. */
export interface Capabilities {
  antennas: number
  manufacturer: number
  model: number
  firmware: string
  canHoldReports: boolean
  /** Index of the strongest entry of the power table. */
  powerIndex: number | null
  /** The first hop table, or the fixed channels, with frequencies by channel index from one. */
  channels: { hopping: boolean; hopTable: number; kHz: number[] } | null
  /** The first mode of the C1G2 table. */
  mode: number | null
}

/** Null when the answer lacks the reader's general part, without which nothing can be built. */
export function capabilitiesOf(
  answer: Message<'GET_READER_CAPABILITIES_RESPONSE'>,
): Capabilities | null {
  const general = find(answer.params, 'GeneralDeviceCapabilities')
  if (!general) return null
  const band = find(
    find(answer.params, 'RegulatoryCapabilities')?.params ?? [],
    'UHFBandCapabilities',
  )
  const inBand = band?.params ?? []
  const llrp = find(answer.params, 'LLRPCapabilities')
  return {
    antennas: general.values.maxAntennas,
    manufacturer: general.values.manufacturer,
    model: general.values.model,
    firmware: general.values.firmware,
    canHoldReports: llrp?.values.flags.supportsEventAndReportHolding ?? false,
    powerIndex: strongest(inBand),
    channels: channelsOf(find(inBand, 'FrequencyInformation')),
    mode: firstMode(inBand),
  }
}

function strongest(inBand: readonly Parameter[]): number | null {
  const entries = findAll(inBand, 'TransmitPowerLevelTableEntry').map((e) => e.values)
  const best = entries.sort((a, b) => b.dBmTimes100 - a.dBmTimes100)[0]
  return best?.index ?? null
}

function channelsOf(info: Parameter<'FrequencyInformation'> | undefined): Capabilities['channels'] {
  if (!info) return null
  if (info.values.flags.hopping) {
    const table = find(info.params, 'FrequencyHopTable')?.values
    return table ? { hopping: true, hopTable: table.id, kHz: table.kHz } : null
  }
  const fixed = find(info.params, 'FixedFrequencyTable')?.values
  return fixed ? { hopping: false, hopTable: 0, kHz: fixed.kHz } : null
}

function firstMode(inBand: readonly Parameter[]): number | null {
  const table = find(inBand, 'UHFC1G2RFModeTable')
  const entry = find(table?.params ?? [], 'UHFC1G2RFModeTableEntry')
  return entry?.values.id ?? null
}
