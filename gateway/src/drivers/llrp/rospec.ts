import type { Capabilities } from './capabilities.ts'
import { impinjContentSelector } from './impinj.ts'
import { type Parameter, param } from './parameters.ts'

/** The one that we add; all others are deleted at start-up. */
export const ourROSpec = 1

const disabled = 0
const immediate = 1
const noStop = 0
/** A report for every tag read, so that no two reads are folded into one with the maximum of their RSSI. */
const everyTag = { trigger: 2, n: 1 } as const
const expectedTags = 32

/**
 * A live ROSpec: starts at once, never stops, reports each read. Hop table, power index and mode come from this
 * reader's own tables, never from constants (sllurp/sllurp#118).
 */
export function liveROSpec(
  caps: Capabilities,
  session: number,
  impinj: boolean,
): Parameter<'ROSpec'> {
  return param('ROSpec', { id: ourROSpec, priority: 0, state: disabled }, [
    param('ROBoundarySpec', {}, [
      param('ROSpecStartTrigger', { type: immediate }),
      param('ROSpecStopTrigger', { type: noStop, durationMs: 0 }),
    ]),
    param('AISpec', { antennas: [0] }, [
      param('AISpecStopTrigger', { type: noStop, durationMs: 0 }),
      param('InventoryParameterSpec', { id: 1, protocol: 1 }, [antenna(caps, session)]),
    ]),
    param('ROReportSpec', everyTag, [
      param('TagReportContentSelector', { flags: wanted }, [
        param('C1G2EPCMemorySelector', { flags: { crc: false, pc: true } }),
      ]),
      ...(impinj ? [impinjContentSelector()] : []),
    ]),
  ])
}

const wanted = {
  roSpecId: false,
  specIndex: false,
  inventoryParameterSpecId: false,
  antenna: true,
  channel: true,
  peakRssi: true,
  firstSeen: true,
  lastSeen: true,
  seenCount: true,
  accessSpecId: false,
}

function antenna(caps: Capabilities, session: number): Parameter {
  const { channels, powerIndex, mode } = caps
  const transmitter =
    channels && powerIndex !== null
      ? [
          param('RFTransmitter', {
            hopTable: channels.hopTable,
            // A hopping reader chooses by itself; a fixed one gets the first of its channels.
            channel: channels.hopping ? 0 : 1,
            powerIndex,
          }),
        ]
      : []
  const control = mode === null ? [] : [param('C1G2RFControl', { mode, tari: 0 })]
  return param('AntennaConfiguration', { antenna: 0 }, [
    ...transmitter,
    param('C1G2InventoryCommand', { flags: { stateAware: false } }, [
      ...control,
      param('C1G2SingulationControl', {
        flags: { session },
        population: expectedTags,
        transitMs: 0,
      }),
    ]),
  ])
}
