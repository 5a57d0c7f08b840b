import type { Message } from './frames.ts'
import { find, findAll, type Parameter } from './parameters.ts'

export interface Channels {
  hopping: boolean
  hopTable: number
  /** By channel index from one. */
  kHz: number[]
}

/** What a reader says of itself. Nothing here is assumed: null or empty where it did not say. */
export interface Capabilities {
  antennas: number
  manufacturer: number
  model: number
  firmware: string
  hasUtcClock: boolean
  outputs: number
  canHoldReports: boolean
  /** Null: it did not say. */
  maxAccessSpecs: number | null
  /** Weakest first. */
  powers: { index: number; dBm: number }[]
  /** The first hop table, or the fixed channels. */
  channels: Channels | null
  /** Ids of the C1G2 modes in the reader's order. */
  modes: number[]
}

/** Null when the answer lacks the reader's general part, without which nothing can be built. */
export function capabilitiesOf(
  answer: Message<'GET_READER_CAPABILITIES_RESPONSE'>,
): Capabilities | null {
  const general = find(answer.params, 'GeneralDeviceCapabilities')
  if (!general) return null
  const regulatory = find(answer.params, 'RegulatoryCapabilities')
  const band = find(regulatory?.params ?? [], 'UHFBandCapabilities')?.params ?? []
  const llrp = find(answer.params, 'LLRPCapabilities')?.values
  return {
    antennas: general.values.maxAntennas,
    manufacturer: general.values.manufacturer,
    model: general.values.model,
    firmware: general.values.firmware,
    hasUtcClock: general.values.flags.hasUtcClock,
    outputs: find(general.params, 'GPIOCapabilities')?.values.outputs ?? 0,
    canHoldReports: llrp?.flags.supportsEventAndReportHolding ?? false,
    maxAccessSpecs: llrp?.maxAccessSpecs ?? null,
    powers: findAll(band, 'TransmitPowerLevelTableEntry')
      .map(({ values }) => ({ index: values.index, dBm: values.dBmTimes100 / 100 }))
      .sort((a, b) => a.dBm - b.dBm),
    channels: channelsOf(find(band, 'FrequencyInformation')),
    modes: findAll(band, 'UHFC1G2RFModeTable').flatMap((table) =>
      findAll(table.params, 'UHFC1G2RFModeTableEntry').map((entry) => entry.values.id),
    ),
  }
}

function channelsOf(info: Parameter<'FrequencyInformation'> | undefined): Channels | null {
  if (!info) return null
  if (info.values.flags.hopping) {
    const table = find(info.params, 'FrequencyHopTable')?.values
    return table ? { hopping: true, hopTable: table.id, kHz: table.kHz } : null
  }
  const fixed = find(info.params, 'FixedFrequencyTable')?.values
  return fixed ? { hopping: false, hopTable: 0, kHz: fixed.kHz } : null
}
