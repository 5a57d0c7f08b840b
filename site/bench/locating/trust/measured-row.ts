/** One row of tags before a moving antenna, recorded or generated, in one shape. */
import { channelMHz, type Recording } from '../recordings.ts'

export interface Sample {
  tag: number
  /** 0…7, as `channelMHz` has them. */
  channel: number
  /** Stop of the antenna. */
  stop: number
  /** Of the antenna at that stop. */
  xMm: number
  phaseRad: number
  rssiDbm: number
}

export interface MeasuredRow {
  name: string
  tagsMm: number[]
  depthMm: number
  spacingMm: number
  samples: Sample[]
}

export const channels = Array.from({ length: 8 }, (_, c) => channelMHz(c))

/** The scored tags of a recording, in their order. */
export function rowOf(recording: Recording): MeasuredRow {
  const scored = recording.truth.filter((t) => t.scored)
  const index = new Map(scored.map((t, i) => [t.epc, i]))
  return {
    name: recording.run,
    tagsMm: scored.map((t) => t.xMm as number),
    depthMm: recording.depthMm,
    spacingMm: recording.spacingMm,
    samples: recording.cells.flatMap((cell) => {
      const tag = index.get(cell.epc)
      if (tag === undefined) return []
      return [
        {
          tag,
          channel: cell.channel,
          stop: cell.aperture,
          xMm: recording.apertureMm[cell.aperture] as number,
          phaseRad: cell.phase,
          rssiDbm: cell.rssi,
        },
      ]
    }),
  }
}
