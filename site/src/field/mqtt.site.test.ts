/** Our MQTT drivers and the simulated devices, which share no line of code, over a real broker. */
import { describe, expect, test } from 'vitest'
import { Rig } from './rig.ts'
import { type Fits, isHealth } from './tape.ts'

const isTags: Fits = (e) => e.kind === 'tags'
const isHole: Fits = (e) => e.kind === 'hole'
const contactIs =
  (input: string, state: string): Fits =>
  (e) =>
    e.kind === 'contact' && e.input === input && e.state === state
const ours = /^340000000000000000000000[1-4]$|^34000000000000000000000[1-4]$/

describe.each(['impinj-iot', 'zebra-iotc', 'zebra-iotc-single'])('%s', (name) => {
  test('reads arrive with what the reader tells; an overflow and a lost broker are holes', async () => {
    await using rig = await Rig.open(name)
    await rig.well()
    const tags = (await rig.tape.next(0, isTags)).event
    if (tags.kind !== 'tags') throw new Error('no tags')
    for (const read of tags.reads) {
      expect(read.epc).toMatch(ours)
      expect(read).toMatchObject({ antenna: 1, count: 1 })
      expect(read.rssiDbm).toBeLessThan(-20)
      expect(read.frequencyKhz).toBeGreaterThan(800_000)
      expect(read.phaseRad).toBeUndefined()
    }
    let mark = rig.tape.mark()
    await rig.device.send({ type: 'fault', fault: { kind: 'overflow' } })
    const hole = (await rig.tape.next(mark, isHole)).event
    expect(hole).toMatchObject(
      name === 'impinj-iot'
        ? { reason: 'reader-overflow' }
        : { reason: 'observation-hole', count: 37 },
    )
    await rig.tape.next(mark, isHealth('degraded'))

    mark = rig.tape.mark()
    await rig.wire.cut()
    await rig.tape.next(mark, isHealth('offline'))
    await rig.wire.mend()
    await rig.tape.next(mark, isHole)
    await rig.tape.next(rig.tape.mark(), isTags)
  })

  test('rubbish is counted and ends nothing; a reader whose power fails is away until it speaks again', async () => {
    await using rig = await Rig.open(name)
    await rig.well()
    await rig.device.send({ type: 'fault', fault: { kind: 'garbage', bytes: 300 } })
    // Messages keep their order: behind two batches of reads the rubbish has been heard.
    await rig.tape.next(rig.tape.mark(), isTags)
    await rig.tape.next(rig.tape.mark(), isTags)
    const mark = rig.tape.mark()
    await rig.device.kill(500)
    await rig.tape.next(mark, isHealth('offline'))
    await rig.tape.next(rig.tape.mark(), isTags)
    // Its numbers begin anew.
    if (name !== 'impinj-iot') await rig.tape.next(mark, isHole)
    const health = rig.tape.all.flatMap(({ event }) => (event.kind === 'health' ? [event] : []))
    expect(health.at(-1)?.badFrames).toBe(1)
    expect(rig.driverDeaths).toBe(0)
  })
})

test('zigbee2mqtt: air, smoke, water and door; a bridge that dies leaves nothing known', async () => {
  await using rig = await Rig.open('zigbee2mqtt')
  await rig.well()
  await rig.tape.next(0, contactIs('zsmoke-1', 'clear'))
  await rig.tape.next(0, (e) => e.kind === 'readings' && e.values.humidity === 50.2)
  let mark = rig.tape.mark()
  await rig.device.send({ type: 'contacts', closed: [false, true, false] })
  await rig.tape.next(mark, contactIs('zsmoke-1', 'active'))
  await rig.tape.next(mark, contactIs('zdoor-1', 'active'))
  await rig.tape.next(mark, contactIs('zwater-1', 'clear'))
  mark = rig.tape.mark()
  await rig.device.kill(500)
  await rig.tape.next(mark, contactIs('zsmoke-1', 'unknown'))
  await rig.tape.next(mark, isHealth('offline'))
  await rig.tape.next(mark, isHealth('online'))
  mark = rig.tape.mark()
  await rig.device.send({ type: 'fault', fault: { kind: 'mute' } })
  await rig.tape.next(mark, contactIs('zwater-1', 'unknown'))
})
