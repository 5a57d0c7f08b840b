import { VirtualClock } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import type { ToDevice } from '../devices/messages.ts'
import { startAmbient } from '../scenarios/ambient.ts'
import { buildStore } from './catalogue/store.ts'
import { Rng } from './rng.ts'
import { Unknown, World, type WorldSaved } from './world.ts'

const store = buildStore('lantai', '2026-11-22')
const lent = new Set(store.loans.map((l) => l.box))
const box = store.boxes.find((b) => !lent.has(b.code))
if (!box) throw new Error('no box at home')
const tag = { epc: box.epc, tid: box.tid }

/** A world whose devices only listen. */
function world(saved: WorldSaved | null = null) {
  const clock = new VirtualClock()
  const heard: { device: string; message: ToDevice }[] = []
  let state: WorldSaved | null = null
  const w = new World({
    clock,
    rng: new Rng('lantai'),
    seed: 'lantai',
    store,
    saved,
    devices: {
      send: (device, message) => {
        heard.push({ device, message })
        return Promise.resolve()
      },
    },
    save: (s) => {
      state = s
    },
    onUndelivered: () => undefined,
  })
  w.start()
  const fields = (device: string) =>
    heard.flatMap((h) =>
      h.device === device && h.message.type === 'field' ? [h.message.tags] : [],
    )
  return { clock, heard, fields, w, saved: () => state }
}

describe('the world', () => {
  it('shows a tag to the desk reader only while its box lies there', async () => {
    const { w, fields } = world()
    await w.place(box.code, 'desk-1')
    expect(fields('desk-1').at(-1)).toMatchObject([{ epc: box.epc, tid: box.tid }])
    await w.place(box.code, 'home')
    expect(fields('desk-1').at(-1)).toEqual([])
  })

  it('walks a box out of the door, is busy meanwhile, and has it outside at the end', async () => {
    const { w, clock, fields } = world()
    let idle = 0
    await w.carry(tag, box.code, 'out', 4000)
    w.whenIdle(() => idle++)
    clock.advance(2000)
    expect([w.idle, idle, w.places.placeOf(box.code)]).toEqual([false, 0, 'carried'])
    clock.advance(2500)
    expect([w.idle, idle, w.places.placeOf(box.code)]).toEqual([true, 1, 'outside'])
    expect(fields('door-1').at(-1)).toEqual([])
    const heardBy = fields('door-1').flatMap((tags) =>
      tags.flatMap((t) => Object.keys(t.distanceMm)),
    )
    expect([heardBy[0], heardBy.at(-1)]).toEqual(['1', '2'])
  })

  it('opens a contact loop for an alarm and closes it after, and knows no others', async () => {
    const { w, heard } = world()
    await w.contact('smoke-1', true)
    expect(heard.at(-1)?.message).toEqual({ type: 'contacts', closed: [true, true, false, true] })
    await w.contact('smoke-1', false)
    expect(heard.at(-1)?.message).toEqual({ type: 'contacts', closed: [true, true, true, true] })
    await expect(w.contact('smoke-9', true)).rejects.toThrow(Unknown)
    await expect(w.bank('B9', { event: 'eStop' })).rejects.toThrow(Unknown)
  })

  it('tells the air line about its air every second', () => {
    const { clock, heard } = world()
    clock.advance(10_000)
    const told = heard.filter((h) => h.device === 'air-1').length
    expect(told).toBeGreaterThanOrEqual(9)
    expect(told).toBeLessThanOrEqual(11)
  })

  it('remembers what changed over a restart, and starts afresh for another seed', async () => {
    const first = world()
    await first.w.place(box.code, 'desk-1')
    await first.w.contact('fire-panel', true)
    first.w.air.set('th-2', 'humidity', 68, 0)
    first.w.stop()
    const saved = first.saved()
    const again = world(saved)
    expect(again.w.places.placeOf(box.code)).toBe('desk-1')
    expect(again.w.alarms).toEqual(['fire-panel'])
    expect(again.w.air.value('th-2').humidity).toBe(68)
    const other = world(saved && { ...saved, seed: 'other' })
    expect(other.w.places.placeOf(box.code)).toBe(box.home)
  })

  it('is busy while a device says so, and not when that device is down', () => {
    const { w } = world()
    w.deviceState('shelf-b1', { busy: true, detail: {} })
    expect(w.idle).toBe(false)
    w.deviceDown('shelf-b1')
    expect(w.idle).toBe(true)
  })
})

describe('the ambient scenario', () => {
  it('lets something small happen every few minutes, of every kind in turn', async () => {
    const { w, clock } = world()
    const told: string[] = []
    const end = startAmbient({
      clock,
      rng: new Rng('ambient'),
      store,
      world: w,
      told: (what) => told.push(what),
    })
    w.deviceState('shelf-b1', { busy: false, detail: {}, bank: resting })
    for (let minute = 0; minute < 30; minute++) {
      clock.advance(60_000)
      // Each happening is a promise of its own; let those settle that have been started.
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(told.length).toBeGreaterThanOrEqual(8)
    for (const kind of ['humid corner', 'box returned', 'box one slot off', 'aisle opened by hand'])
      expect(told).toContain(kind)
    expect(told.filter((t) => t.endsWith('failed'))).toEqual([])
    end()
    const until = told.length
    clock.advance(3_600_000)
    expect(told).toHaveLength(until)
  })
})

const resting = {
  x: [],
  eStop: false,
  obstacle: false,
  occupied: false,
  forbid: false,
  manual: false,
  night: false,
  mains: true,
  faultCode: 0,
  jammed: -1,
}
