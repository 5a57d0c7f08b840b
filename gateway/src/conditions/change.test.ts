import { type FactBody, VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { planOf } from '../core/config-plan.ts'
import { air, file, known, panel, shelf } from '../core/config-testing.ts'
import { Fire } from '../interlock/fire.ts'
import { firesOf } from '../wiring.ts'
import { Conditions } from './conditions.ts'

const first = file(
  air('air-1'),
  shelf('b1', 'B1'),
  panel('panel', [['smoke-1', 'smoke']]),
  panel('dry', [['leak-1', 'water']]),
)
const moved = (n: number) => ({ line: { transport: 'tcp', host: '127.0.0.1', port: n } })
const list = () => {
  const [a, b, c, d] = first.devices
  return file(a as never, b as never, c as never, { ...d, ...moved(1800) } as never)
}

function running() {
  const clock = new VirtualClock()
  const told: FactBody<'lantai.condition.v1'>[] = []
  const before = known(list())
  const conditions = new Conditions(before, {}, clock, (c) => told.push(c))
  const news = () => told.splice(0).map((c) => [c.key, c.active])
  const apply = (body: ReturnType<typeof list>, from = before) =>
    conditions.apply(planOf(from, known(body)))
  return { clock, conditions, before, news, apply }
}
const only = (...ids: string[]) => file(...list().devices.filter((d) => ids.includes(d.id)))
const hot = { temperature: 30, humidity: 50 }

test('conditions of what was removed end; those of others go on', () => {
  const { clock, conditions, news, apply } = running()
  conditions.readings('air-1', 'air-1-1', hot)
  conditions.contact('dry', 'leak-1', 'active')
  conditions.health('b1', 'offline')
  clock.advance(6000)
  expect(news()).toEqual(
    expect.arrayContaining([
      ['temperatureHigh:air-1-1', true],
      ['water:leak-1', true],
      ['deviceOffline:b1', true],
    ]),
  )
  apply(only('air-1', 'panel'))
  expect(news()).toEqual(
    expect.arrayContaining([
      ['water:leak-1', false],
      ['deviceOffline:b1', false],
    ]),
  )
  clock.advance(120_000)
  // Nobody waits for a sensor or a contact that is not there.
  expect(news()).toEqual([])
  expect(conditions.register.last('temperatureHigh:air-1-1')?.active).toBe(true)
})

test('a changed sensor is judged by its new limits, and its alarm is the same one', () => {
  const { conditions, before, news } = running()
  conditions.readings('air-1', 'air-1-1', hot)
  expect(news()).toContainEqual(['temperatureHigh:air-1-1', true])
  const band = { low: 14, high: 35, deadband: 0.5 }
  const limits = { ...(list().devices[0] as { limits?: object }).limits, temperature: band }
  const wider = file(air('air-1', { limits }), ...list().devices.slice(1))
  conditions.apply(planOf(before, known(wider)))
  expect(news()).toEqual([])
  conditions.readings('air-1', 'air-1-1', hot)
  expect(news()).toEqual([['temperatureHigh:air-1-1', false]])
})

test('a disabled device has no alarm of its own; a disabled fire contact stays unknown and is told', () => {
  const { clock, conditions, before, news } = running()
  conditions.readings('air-1', 'air-1-1', hot)
  const off = file(...list().devices.map((d) => ({ ...d, disabled: true })))
  const fire = new Fire(firesOf(before), {}, clock)
  conditions.apply(planOf(before, known(off)))
  expect(news()).toContainEqual(['temperatureHigh:air-1-1', false])
  clock.advance(60_000)
  const look = () => conditions.fire(fire.points(), (p) => fire.stateOf(p))
  look()
  clock.advance(2000)
  look()
  expect(news()).toEqual([['fireLinkLost:R1', true]])
})

test('S12: a contact that was just added has the time of a first word before its link counts as lost', () => {
  const { clock, conditions, news } = running()
  const fire = new Fire([], {}, clock)
  clock.advance(3_600_000)
  news()
  fire.apply(firesOf(known(list())))
  const look = () => conditions.fire(fire.points(), (p) => fire.stateOf(p))
  look()
  clock.advance(5000)
  look()
  expect(news()).toEqual([])
  clock.advance(5000)
  look()
  clock.advance(2000)
  expect(news()).toEqual([['fireLinkLost:R1', true]])
})
