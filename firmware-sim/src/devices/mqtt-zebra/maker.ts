/** Tag data of Zebra's IoT Connector: arrays on an FX9600, one object a message on an FXR90. */
import { degrees, frequencyKHz } from '../mqtt/frequencies.ts'
import type { Maker } from '../mqtt/reader.ts'

/** The handheld stream allows 6,144 bytes a message; some twenty events stay below it. */
const mostInArray = 20
/** A zone without its colon, which is not RFC 3339. */
const zebraTime = (ms: number) => new Date(ms).toISOString().replace('Z', '+0000')

export function zebraMaker(form: 'array' | 'single'): Maker {
  // It begins anew with every start of the reader.
  let eventNum = 0
  return {
    messages: (reads) => {
      const events = reads.map((r) => ({
        data: {
          PC: '3000',
          antenna: r.antenna,
          channel: frequencyKHz(r) / 1000,
          eventNum: ++eventNum,
          format: 'epc',
          idHex: r.epc.toLowerCase(),
          peakRssi: Math.round(r.rssiDbm),
          phase: degrees(r),
          reads: r.count,
          ...(r.tid === null ? {} : { TID: r.tid.toLowerCase() }),
        },
        timestamp: zebraTime(Number(r.lastUs / 1000n)),
        type: 'INVENTORY',
      }))
      if (form === 'single') return events.map((e) => JSON.stringify(e))
      const arrays: string[] = []
      for (let i = 0; i < events.length; i += mostInArray)
        arrays.push(JSON.stringify(events.slice(i, i + mostInArray)))
      return arrays
    },
    // It says nothing: only the numbers tell.
    overflow: (lost) => {
      eventNum += lost
      return null
    },
    hello: () => null,
  }
}
