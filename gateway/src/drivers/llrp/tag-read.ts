import type { TagRead } from '../driver.ts'
import { tidRead } from './access-spec.ts'
import type { Channels } from './capabilities.ts'
import { hex } from './hex.ts'
import { impinjRead } from './impinj.ts'
import { find, type Parameter } from './parameters.ts'

type Report = Parameter<'TagReportData'>

/** LLRP counts antennas from one: 0 says that the report did not name one. */
const noAntenna = 0

/** Null when the report carries no EPC of whole words: never guessed at. Absent fields stay absent. */
export function tagRead(report: Report, channels: Channels | null): TagRead | null {
  const epc = epcOf(report.params)
  if (!epc) return null
  const { params } = report
  const impinj = impinjRead(params)
  const rssi = impinj.rssiDbm ?? find(params, 'PeakRSSI')?.values.dBm
  const channel = find(params, 'ChannelIndex')?.values.value
  // A channel index means a frequency only through this reader's own table.
  const kHz = channel === undefined ? undefined : channels?.kHz[channel - 1]
  const tid = impinj.tid ? hex(impinj.tid) : tidRead(params)
  const pc = find(params, 'C1G2PC')?.values.value
  const firstUs = find(params, 'FirstSeenTimestampUTC')?.values.us
  const seenUs = find(params, 'LastSeenTimestampUTC')?.values.us ?? firstUs
  // A reader without a wall clock counts from its start; what is of one walk needs no epoch.
  const ownUs = firstUs ?? find(params, 'FirstSeenTimestampUptime')?.values.us
  return {
    epc,
    antenna: find(params, 'AntennaID')?.values.value ?? noAntenna,
    count: find(params, 'TagSeenCount')?.values.value ?? 1,
    ...(pc === undefined ? {} : { pc }),
    ...(tid === undefined ? {} : { tid }),
    ...(rssi === undefined ? {} : { rssiDbm: rssi }),
    ...(impinj.phaseRad === undefined ? {} : { phaseRad: impinj.phaseRad }),
    ...(impinj.dopplerHz === undefined ? {} : { dopplerHz: impinj.dopplerHz }),
    ...(channel === undefined ? {} : { channel }),
    ...(kHz === undefined ? {} : { frequencyKhz: kHz }),
    ...(seenUs === undefined ? {} : { deviceTimeMs: Number(seenUs / 1000n) }),
    ...(ownUs === undefined ? {} : { deviceTimeUs: Number(ownUs) }),
  }
}

function epcOf(params: readonly Parameter[]): string | null {
  const short = find(params, 'EPC96')
  if (short) return hex(short.values.epc)
  const long = find(params, 'EPCData')?.values.epc
  // Gen2 holds an EPC of 1 to 31 words; anything else is not an EPC.
  if (!long || long.bits % 16 !== 0 || long.bits < 16 || long.bits > 31 * 16) return null
  return hex(long.bytes)
}
