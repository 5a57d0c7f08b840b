// Writes for ever with the link up and tells on stdout what it sent; the test kills it at random moments.
import type { Batch } from '@lantai/contracts'
import { createSystemClock } from '../core/system-clock.ts'
import { Sender } from '../uplink/sender.ts'
import { startOutbox } from './outbox.ts'
import { boot, record, sayAtOnce } from './testing.ts'
import { limitsOf } from './types.ts'

const [dir = '', from = '0'] = process.argv.slice(2)
const clock = createSystemClock()
const outbox = await startOutbox(
  { dir, limits: limitsOf(512), boot, origin: performance.timeOrigin },
  () => 'synced',
  () => process.exit(7),
)
const acks: (() => Promise<void>)[] = []
const sender = new Sender({
  outbox,
  clock,
  source: 'lantai:demo/gw-01',
  publish(lane, payload) {
    const { items, epoch } = (JSON.parse(payload) as Batch).data
    // On a wire it would be out of our hands from here on.
    sayAtOnce(items.map((i) => `${i.seq} ${i.data}\n`).join(''))
    const last = items.at(-1)?.seq ?? '0'
    const cursors = Object.fromEntries(
      Object.entries(outbox.status().lanes).map(([l, s]) => [l, s.cursor]),
    ) as Record<typeof lane, string>
    acks.push(() => sender.ack({ epoch, cursors: { ...cursors, [lane]: last }, serverTime: '' }))
  },
  newEpoch: () => process.exit(8),
  sent: () => undefined,
})
outbox.onChange(() => sender.kick())
sender.linkUp()
await sender.ack({
  epoch: outbox.status().epoch,
  cursors: Object.fromEntries(
    Object.entries(outbox.status().lanes).map(([l, s]) => [l, s.cursor]),
  ) as Record<'alarm' | 'custody' | 'reads' | 'telemetry', string>,
  serverTime: '',
})
let n = Number(from)
async function write() {
  for (;;) {
    const mine = n++
    await outbox.append([record(mine % 3 ? 'reads' : 'custody', mine)])
    await acks.shift()?.()
  }
}
await Promise.all(Array.from({ length: 40 }, write))
