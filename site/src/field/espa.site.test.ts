import { expect, test } from 'vitest'
import { Rig } from './rig.ts'
import { type Fits, isHealth } from './tape.ts'

const contact =
  (input: string, state: string): Fits =>
  (e) =>
    e.kind === 'contact' && e.input === input && e.state === state

test.each(['fire-espa', 'fire-espa-tcp'])(
  '%s: a fire is heard with its text, a spoilt call too, a mute panel is a lost link',
  async (name) => {
    await using rig = await Rig.open(name, { lively: false })
    await rig.tape.next(0, contact('fire-1', 'clear'))
    await rig.device.send({
      type: 'fault',
      fault: { kind: 'serial', serial: { fault: 'badCrc', times: 2 } },
    })
    let mark = rig.tape.mark()
    await rig.device.send({ type: 'contacts', closed: [false, true, true] })
    const heard = await rig.tape.next(mark, contact('fire-1', 'active'))
    expect(heard.event).toMatchObject({ text: 'FIRE ZONE 1 ARCHIVE' })
    expect(rig.tape.all.some(({ event }) => contact('smoke-1', 'active')(event))).toBe(false)

    mark = rig.tape.mark()
    await rig.device.send({ type: 'fault', fault: { kind: 'mute' } })
    await rig.tape.next(mark, contact('fire-1', 'unknown'))
    await rig.tape.next(mark, isHealth('offline'))
    mark = rig.tape.mark()
    await rig.device.send({ type: 'fault', fault: { kind: 'heal' } })
    await rig.tape.next(mark, contact('fire-1', 'active'))

    mark = rig.tape.mark()
    await rig.wire.cut()
    await rig.tape.next(mark, isHealth('offline'))
    mark = rig.tape.mark()
    await rig.wire.mend()
    await rig.device.send({ type: 'contacts', closed: [true, true, true] })
    await rig.tape.next(mark, contact('fire-1', 'clear'))
  },
)
