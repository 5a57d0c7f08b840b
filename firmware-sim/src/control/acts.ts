/** What tests and the ambient scenario may do to the world, one function a path. */

import { epcPlus } from '../devices/llrp/field.ts'
import type { DeviceFault } from '../devices/messages.ts'
import { serialFaults } from '../devices/messages.ts'
import type { BankEvent } from '../devices/shelving/controller.ts'
import type { Fleet } from '../fleet.ts'
import { giai96 } from '../world/catalogue/numbers.ts'
import { isPlace } from '../world/places.ts'
import { Unknown, type World } from '../world/world.ts'
import { BadBody, type Body } from './body.ts'

export interface Simulation {
  readonly world: World
  readonly fleet: Fleet
}
type Act = (sim: Simulation, body: Body) => Promise<object>

const boxPattern = /^LT[0-9A-Z]{8}$/
const epcPattern = /^([0-9A-F]{4}){1,31}$/
const hourMs = 3_600_000

/** `{box}` or `{epc}`; a tag that is no box of the store is nobody's. */
function tagOf({ world }: Simulation, body: Body) {
  const code = body.text('box', boxPattern)
  const epc = body.text('epc', epcPattern)
  const box = code ? world.places.byCode(code) : epc ? world.places.byEpc(epc) : null
  if (code && !box) throw new Unknown(`no box ${code}`)
  if (!code && !epc) throw new BadBody(['box or epc is missing'])
  return { code: box?.code ?? null, epc: box?.epc ?? (epc as string), tid: box?.tid ?? null }
}

const place: Act = async (sim, body) => {
  const tag = tagOf(sim, body)
  const at = body.needText('at')
  body.done()
  if (!tag.code) throw new Unknown('only boxes of the store can be put somewhere')
  if (!isPlace(at)) throw new BadBody(['at must be home, desk-1, carried, outside or a slot'])
  await sim.world.place(tag.code, at)
  return { box: tag.code, epc: tag.epc, at: sim.world.places.placeOf(tag.code) }
}

const carry: Act = async (sim, body) => {
  const tag = tagOf(sim, body)
  const direction = body.word('direction', ['out', 'in'])
  const durationMs = body.number('durationMs', 200, hourMs) ?? 4000
  body.done()
  await sim.world.carry({ epc: tag.epc, tid: tag.tid }, tag.code, direction, durationMs)
  return { box: tag.code, epc: tag.epc, direction, durationMs }
}

const air: Act = async ({ world }, body) => {
  const sensor = body.needText('sensor')
  const humidity = body.number('humidity', 0, 100)
  const temperature = body.number('temperature', -20, 60)
  const release = body.flag('release') ?? false
  const rampMs = body.number('rampMs', 0, 24 * hourMs) ?? 0
  body.done()
  if (!world.air.has(sensor)) throw new Unknown(`no sensor ${sensor}`)
  if (release || humidity !== undefined)
    world.air.set(sensor, 'humidity', release ? null : (humidity as number), rampMs)
  if (release || temperature !== undefined)
    world.air.set(sensor, 'temperature', release ? null : (temperature as number), rampMs)
  await world.deviceUp('air-1')
  return { sensor, value: world.air.value(sensor) }
}

const contact: Act = async ({ world }, body) => {
  const input = body.needText('input')
  const alarm = body.flag('alarm')
  body.done()
  if (alarm === undefined) throw new BadBody(['alarm is missing'])
  await world.contact(input, alarm)
  return { input, alarm }
}

const plainEvents = [
  ...(['obstruct', 'clear', 'eStop', 'eStopReset', 'occupied', 'vacant'] as const),
  ...(['gateOpen', 'gateClosed'] as const),
  ...(['powerOff', 'powerOn', 'night', 'day', 'repair', 'auto'] as const),
] as const

function bankEvent(body: Body): BankEvent {
  const event = body.word('event', [...plainEvents, 'manual', 'jam', 'speed'])
  const aisle = body.whole('aisle', 1, 999)
  const column = body.whole('column', 1, 999)
  const factor = body.number('factor', 0.1, 1000)
  body.done()
  if (event === 'manual') return { event, aisle }
  if (event === 'jam' && column !== undefined) return { event, column }
  if (event === 'speed' && factor !== undefined) return { event, factor }
  if (event === 'jam' || event === 'speed') throw new BadBody(['column or factor is missing'])
  return { event }
}

const shelving: Act = async ({ world, fleet }, body) => {
  const bank = body.needText('bank', /^B[0-9]{1,3}$/)
  const event = bankEvent(body)
  await world.bank(bank, event)
  return { bank, state: fleet.states[`shelf-${bank.toLowerCase()}`]?.state?.detail ?? null }
}

const faultKinds = ['serial', 'garbage', 'stale', 'mute', 'overflow', 'heal'] as const

function deviceFault(body: Body): DeviceFault {
  const kind = body.word('fault', faultKinds)
  if (kind === 'serial') {
    const fault = body.word('reply', serialFaults)
    const unit = body.whole('unit', 1, 247)
    const times = body.whole('times', 1, 100_000)
    body.done()
    return { kind, serial: { fault, unit, times } }
  }
  const bytes = body.whole('bytes', 1, 4096) ?? 64
  const holdMs = body.number('holdMs', 0, hourMs) ?? 30_000
  body.done()
  if (kind === 'garbage') return { kind, bytes }
  return kind === 'stale' ? { kind, holdMs } : { kind }
}

const fault: Act = async ({ fleet }, body) => {
  const device = body.needText('device')
  await fleet.send(device, { type: 'fault', fault: deviceFault(body) })
  return { device }
}

/** Power off and, after `downMs`, on again: ends every connection and forgets what the device holds in memory. */
const kill: Act = async ({ fleet }, body) => {
  const device = body.needText('device')
  const downMs = body.number('downMs', 0, hourMs) ?? 500
  body.done()
  await fleet.kill(device, downMs)
  return { device, downMs }
}

const foreignAsset = 500_000_001

/** `count` distinct tags that belong to no box, `perSecond`; they wait while nobody listens to the reader. */
const burst: Act = async ({ fleet }, body) => {
  const reader = body.needText('reader')
  const count = body.whole('count', 1, 1_000_000) ?? 1
  const perSecond = body.number('perSecond', 0.1, 20_000) ?? 200
  const antenna = body.whole('antenna', 1, 4) ?? 1
  const firstEpc = body.text('firstEpc', epcPattern) ?? giai96(foreignAsset)
  body.done()
  await fleet.send(reader, { type: 'burst', burst: { antenna, firstEpc, count, perSecond } })
  return { reader, firstEpc, lastEpc: epcPlus(firstEpc, count - 1), count }
}

/** Before a face, with what is wrong there; without `face` back into its corner. */
const cart: Act = async ({ world }, body) => {
  const face = body.text('face', /^[1-9][0-9]{0,2}[AB]$/)
  const deadCodes = body.texts('dead', boxPattern)
  const obstructed = body.texts('obstructed', /^[1-9][0-9]{0,2}[AB]-[1-9][0-9]?-[1-9][0-9]?$/)
  body.done()
  const dead = deadCodes.map((code) => {
    const box = world.places.byCode(code)
    if (!box) throw new Unknown(`no box ${code}`)
    return box.epc
  })
  return { ...(await world.standCart(face, { dead, obstructed })) }
}

const walk: Act = async ({ world }, body) => {
  const speedMmPerS = body.number('speedMmPerS', 20, 1500) ?? 300
  const back = body.flag('back') ?? false
  body.done()
  await world.walkCart(speedMmPerS, back)
  return { speedMmPerS, back }
}

export const acts: Readonly<Record<string, Act>> = {
  '/world/place': place,
  '/world/carry': carry,
  '/world/air': air,
  '/world/contacts': contact,
  '/world/shelving': shelving,
  '/world/fault': fault,
  '/world/kill': kill,
  '/world/burst': burst,
  '/world/cart': cart,
  '/world/walk': walk,
}

/** Everything true, for tests. */
export const worldState = ({ world, fleet }: Simulation) => ({
  idle: world.idle,
  boxes: {
    desk: world.places.at('desk-1'),
    carried: world.places.at('carried'),
    outside: world.places.at('outside'),
    away: world.places.saved,
  },
  air: Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [`th-${i + 1}`, world.air.value(`th-${i + 1}`)]),
  ),
  contacts: { alarms: world.alarms },
  devices: fleet.states,
})
