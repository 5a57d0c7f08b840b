import { VirtualClock } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { Rng } from '../../world/rng.ts'
import { Field } from '../llrp/field.ts'
import { speeches } from './families.ts'
import { UhfModule } from './module.ts'
import { type FamilyName, familyNames, tagCrc } from './speech.ts'

const epc = '30751FEB705C5904E3D50D70'
function rig(family: FamilyName) {
  const clock = new VirtualClock()
  const rng = new Rng('test')
  const field = new Field(clock, rng)
  field.place([{ epc, tid: null, distanceMm: { 1: 200 } }])
  const sent: Buffer[] = []
  const module = new UhfModule({
    speech: speeches[family],
    clock,
    rng,
    field,
    send: (b) => sent.push(b),
  })
  const say = (...hex: string[]) => {
    sent.length = 0
    for (const h of hex) module.receive(Buffer.from(h, 'hex'))
    return Buffer.concat(sent).toString('hex').toUpperCase()
  }
  /** What comes by itself within so long. */
  const within = (ms: number) => {
    sent.length = 0
    clock.advance(ms)
    return Buffer.concat(sent).toString('hex').toUpperCase()
  }
  return { module, field, say, within }
}

describe('answers to the published commands', () => {
  it.each([
    ['m100', 'BB00B6000207D08F7E', 'BB01B6000100B87E', 'power'],
    ['m100', 'BB00B600020BB87B7E', 'BB01FF00010E0F7E', 'too much power'],
    ['m100', 'BB00280000287E', 'BB01280001002A7E', 'stop'],
    ['chafon', '05FF2F14DB5D', '05002F008DCD', 'power'],
    ['cf600', 'CFFF0053021A00FBC8', 'CF000053010047D5', 'power'],
    ['thingmagic', 'FF032F00000278BE', '', 'a wrong CRC is met with silence'],
  ] as [FamilyName, string, string, string][])('%s %s', (family, asked, answer) => {
    expect(rig(family).say(asked)).toBe(answer)
  })

  it('finds a command behind rubbish, and in pieces', () => {
    const { say } = rig('m100')
    expect(say('00BB00B6', 'BB00B6000207', 'D08F7E')).toBe('BB01B6000100B87E')
  })
})

it('has the CRC that an M100 tells of a published tag', () => {
  expect(tagCrc(Buffer.from(`3400${epc}`, 'hex'))).toBe(0x3a76)
})

const starts: Record<FamilyName, string> = {
  m100: 'BB00270003222710837E',
  chafon: '04FF011BB4',
  cf600: 'CFFF0001050000000000F5B5',
  thingmagic: 'FF102F00000122000005072210001B03E801FFDD2B',
  invelion: 'A004FF8901D3',
}

it.each(familyNames)('%s tells the tag before it, and that there is none when it is gone', (f) => {
  const { say, within, field } = rig(f)
  say(starts[f])
  const heard = Array.from({ length: 20 }, () => {
    const more = within(100)
    if (f === 'chafon' || f === 'invelion') say(starts[f])
    return more
  })
  expect(heard.join('')).toContain(epc)
  field.place([])
  within(200)
  say(starts[f])
  const nothing = within(100)
  expect(nothing).not.toContain(epc)
  expect(nothing).not.toBe('')
})

it('forgets everything with its power, and greets', () => {
  const { module, say, within } = rig('m100')
  say('BB00B6000207D08F7E', 'BB0007000101097E', starts.m100)
  expect(module.settings).toMatchObject({ dbm: 20, region: '01', reading: true })
  module.reboot()
  expect(module.settings).toMatchObject({ dbm: 15, region: '', reading: false })
  expect(within(1000)).toBe('')
})

it.each(['half', 'badCrc', 'drop'] as const)('plays the fault %s once', (fault) => {
  const { module, say } = rig('m100')
  module.addFault({ fault, times: 1 })
  expect(say('BB00280000287E')).not.toBe('BB01280001002A7E')
  expect(say('BB00280000287E')).toBe('BB01280001002A7E')
})

it('forgets half a command that nothing follows', () => {
  const { say, within } = rig('thingmagic')
  // A start byte with a length that swallows what comes behind it.
  say('FFC8')
  within(201)
  expect(say('FF00031D0C')).not.toBe('')
})
