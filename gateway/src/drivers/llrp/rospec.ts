import { impinjContentSelector } from './impinj.ts'
import { type Parameter, param } from './parameters.ts'
import type { Plan, Rounds } from './plan.ts'

/** The one that we add; all others are deleted at start-up. */
export const ourROSpec = 1

const disabled = 0
const start = { immediate: 1, periodic: 2 } as const
const stop = { none: 0, tagObservation: 3 } as const
/** A report for every tag read, so that no two reads are folded into one with the maximum of their RSSI. */
const everyTag = { trigger: 2, n: 1 } as const
/** One report at the end of the round. */
const atEnd = { trigger: 2, n: 0 } as const
const noNewTag = 1
const expectedTags = 32

/**
 * The ROSpec of a plan. *Live* starts at once, never stops and reports each read; *rounds* start by the clock, end
 * when no new tag comes, and report then. Hop table, power index and mode come from this reader's own tables, never
 * from constants (sllurp/sllurp#118).
 */
export function roSpecOf(plan: Plan, impinj: boolean): Parameter<'ROSpec'> {
  const { rounds } = plan
  return param('ROSpec', { id: ourROSpec, priority: 0, state: disabled }, [
    param('ROBoundarySpec', {}, [
      startTrigger(rounds),
      param('ROSpecStopTrigger', { type: stop.none, durationMs: 0 }),
    ]),
    param('AISpec', { antennas: plan.antennas.map((a) => a.antenna) }, [
      aiStop(rounds),
      param(
        'InventoryParameterSpec',
        { id: 1, protocol: 1 },
        plan.antennas.map((a) => antennaOf(plan, a)),
      ),
    ]),
    param('ROReportSpec', rounds ? atEnd : everyTag, [
      param('TagReportContentSelector', { flags: wanted }, [
        param('C1G2EPCMemorySelector', { flags: { crc: false, pc: true, xpc: false } }),
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

const startTrigger = (rounds: Rounds | null) =>
  rounds
    ? param('ROSpecStartTrigger', { type: start.periodic }, [
        param('PeriodicTriggerValue', { offsetMs: 0, periodMs: rounds.periodMs }),
      ])
    : param('ROSpecStartTrigger', { type: start.immediate })

const aiStop = (rounds: Rounds | null) =>
  rounds
    ? param('AISpecStopTrigger', { type: stop.tagObservation, durationMs: 0 }, [
        param('TagObservationTrigger', {
          type: noNewTag,
          reserved: undefined,
          tags: 0,
          attempts: 0,
          t: rounds.quietMs,
          timeoutMs: rounds.longestMs,
        }),
      ])
    : param('AISpecStopTrigger', { type: stop.none, durationMs: 0 })

function antennaOf(plan: Plan, { antenna, powerIndex }: Plan['antennas'][number]): Parameter {
  const { transmitter, mode, session } = plan
  const transmit =
    transmitter && powerIndex !== null
      ? [param('RFTransmitter', { ...transmitter, powerIndex })]
      : []
  const control = mode === null ? [] : [param('C1G2RFControl', { mode, tari: 0 })]
  return param('AntennaConfiguration', { antenna }, [
    ...transmit,
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
