/** The model in the geometry of a recording: same tags, same stops, same channels, everything else drawn. */
import { Air, drawRow, Rng, type RowRanges } from '@lantai/firmware-sim'
import type { MeasuredRow, Sample } from './measured-row.ts'
import { channels } from './measured-row.ts'

const stops = 50
const stopMm = 20
/** A cell of a recording merges about 80; the noise of few is far below the multipath. */
const readsPerCell = 6

/** Rows of one `room` share what scatters, as the recordings of one set do. */
export function generatedRow(
  seed: string,
  like: MeasuredRow,
  ranges: RowRanges,
  room: string = seed,
): MeasuredRow {
  const { tagsMm, depthMm } = like
  const setup = drawRow(
    seed,
    { tagsMm, depthMm, railMm: [0, stops * stopMm + stopMm] },
    ranges,
    room,
  )
  const air = new Air(setup, new Rng(`cells/${seed}`))
  const samples: Sample[] = []
  for (const tag of tagsMm.keys())
    for (const channel of channels.keys())
      for (let stop = 0; stop < stops; stop++) {
        const xMm = (stop + 1) * stopMm
        const cell = merged(air, tag, channel, xMm)
        if (cell) samples.push({ tag, channel, stop, xMm, ...cell })
      }
  return { ...like, name: `${like.name}/${seed}`, samples }
}

/** Circular mean of phase and mean of RSSI, as the recordings were reduced. */
function merged(air: Air, tag: number, channel: number, xMm: number) {
  let [re, im, rssi, count] = [0, 0, 0, 0]
  for (let n = 0; n < readsPerCell; n++) {
    /** Every second channel of the band. */
    const heard = air.listen(1, tag, 2 * channel, { xMm, yMm: 0 })
    if (!heard) continue
    re += Math.cos(heard.phaseRad)
    im += Math.sin(heard.phaseRad)
    rssi += heard.rssiDbm
    count++
  }
  return count === 0 ? null : { phaseRad: Math.atan2(im, re), rssiDbm: rssi / count }
}
