/** Events of Impinj's IoT device interface, one a message. */
import { degrees, frequencyKHz } from '../mqtt/frequencies.ts'
import type { Maker } from '../mqtt/reader.ts'

const event = (eventType: string, body: object): string =>
  JSON.stringify({
    timestamp: new Date().toISOString(),
    hostname: 'impinj-00-00-01',
    eventType,
    [`${eventType}Event`]: body,
  })

export const impinjMaker = (): Maker => ({
  messages: (reads) =>
    reads.map((r) =>
      event('tagInventory', {
        // By factory setting only base64 is there; it uses the alphabet of URLs.
        epc: Buffer.from(r.epc, 'hex').toString('base64url'),
        ...(r.tid === null ? {} : { tidHex: r.tid }),
        antennaPort: r.antenna,
        peakRssiCdbm: Math.round(r.rssiDbm * 100),
        frequency: frequencyKHz(r),
        phaseAngle: degrees(r),
        lastSeenTime: new Date(Number(r.lastUs / 1000n)).toISOString(),
      }),
    ),
  overflow: () => event('overflow', {}),
  hello: () => event('inventoryStatus', { inventoryStatus: 'running' }),
})
