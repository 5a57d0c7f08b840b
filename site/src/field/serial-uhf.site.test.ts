import { expect, test } from 'vitest'
import { Rig } from './rig.ts'
import { type Fits, isHealth } from './tape.ts'

const families = ['m100', 'chafon', 'cf600', 'thingmagic', 'invelion'] as const
const isTags: Fits = (e) => e.kind === 'tags'
const isHole: Fits = (e) => e.kind === 'hole'
const ours = /^35000000000000000000000[123]$/

test.each(families)(
  '%s: reads over a pty, restart and unplugging leave holes and nothing else',
  async (family) => {
    await using rig = await Rig.open(`uhf-${family}`)
    await rig.well()
    const settings = () => {
      const { settings: now } = rig.device.state?.detail ?? {}
      return now
    }
    await rig.device.send({
      type: 'fault',
      fault: { kind: 'serial', serial: { fault: 'badCrc', times: 2 } },
    })
    const set = settings()
    expect(set).toMatchObject({ dbm: 20 })

    // The module forgets what it was told; the driver finds out and tells it again. A restart that falls between two
    // rounds of a module that is asked for each goes unnoticed: then tags come, and it restarts once more.
    let mark = rig.tape.mark()
    const noticed = rig.tape.next(mark, isHole).then(() => true)
    do {
      await rig.device.send({ type: 'fault', fault: { kind: 'reboot' } })
    } while (
      !(await Promise.race([noticed, rig.tape.next(rig.tape.mark(), isTags).then(() => false)]))
    )
    await rig.tape.next(rig.tape.mark(), isTags)
    await rig.device.send({ type: 'fault', fault: { kind: 'heal' } })
    expect(settings()).toMatchObject({ ...(set as object) })

    mark = rig.tape.mark()
    await rig.wire.cut()
    await rig.tape.next(mark, isHealth('offline'))
    await rig.wire.mend()
    await rig.tape.next(mark, isHealth('online'))
    await rig.tape.next(mark, isHole)

    const reads = rig.tape.all.flatMap(({ event }) => (event.kind === 'tags' ? event.reads : []))
    expect(reads.every((r) => ours.test(r.epc))).toBe(true)
    expect(reads.some((r) => r.rssiDbm !== undefined)).toBe(family !== 'chafon')
  },
)
