// Writes for ever and tells on stdout what the store acknowledged; the crash test kills it at random moments.
import { startOutbox } from './outbox.ts'
import { record, sayAtOnce } from './testing.ts'
import { limitsOf } from './types.ts'

const [dir = '', from = '0'] = process.argv.slice(2)
const boot = '3f0c6f0e-6b7e-4a52-9f5e-0c1d2e3f4a5b'
const outbox = await startOutbox(
  { dir, limits: limitsOf(512), boot, origin: performance.timeOrigin },
  () => 'synced',
  () => process.exit(7),
)
let n = Number(from)
async function write() {
  for (;;) {
    const mine = n++
    const stored = await outbox.append(
      [record(mine % 3 ? 'reads' : 'custody', mine)],
      [{ key: `state.${mine % 7}`, value: String(mine) }],
    )
    if (stored.stored) sayAtOnce(`${mine}\n`)
  }
}
await Promise.all(Array.from({ length: 40 }, write))
