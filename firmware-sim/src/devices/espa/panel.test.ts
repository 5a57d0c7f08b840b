import { VirtualClock } from '@lantai/contracts'
import { expect, it } from 'vitest'
import { Rng } from '../../world/rng.ts'
import { Panel } from './panel.ts'

function rig() {
  const clock = new VirtualClock()
  let said = ''
  const panel = new Panel({
    clock,
    rng: new Rng('test'),
    send: (b) => {
      said += b.toString('latin1')
    },
  })
  panel.start()
  /** What the panel says in so long, after it heard `hex`. */
  const after = (hex: string, ms = 0) => {
    said = ''
    panel.receive(Buffer.from(hex, 'hex'))
    clock.advance(ms)
    return Buffer.from(said, 'latin1').toString('hex').toUpperCase()
  }
  return { panel, after }
}
const [ack, nak, eot] = ['06', '15', '04']
const [poll, select] = ['3205', '31053205']
const reset = '013102311F3130301E321F46495245205A4F4E4520312041524348495645' + '1E341F310337'

it('polls the receiver twice a second and goes on after its EOT', () => {
  const { after } = rig()
  expect(after('', 500)).toBe(poll)
  expect(after(eot, 499)).toBe('')
  expect(after('', 1)).toBe(poll)
  // Nobody answers: the line is freed and the panel goes on.
  expect(after('', 1500)).toBe(`04${poll}`)
})

it('selects, pages, and repeats what was refused; a closed loop is a reset', () => {
  const { panel, after } = rig()
  panel.loops([false, true, true])
  expect(after('', 500)).toBe(select)
  const paged = after(ack)
  expect(Buffer.from(paged, 'hex').toString('latin1')).toContain('FIRE ZONE 1')
  expect(after(nak)).toBe(paged)
  expect(after(ack)).toBe('04')
  panel.loops([true, true, true])
  expect(after('', 500)).toBe(select)
  const ended = after(ack)
  expect(ended.slice(0, -2)).toBe(reset.slice(0, -2))
  expect(
    Buffer.from(ended, 'hex')
      .subarray(1)
      .reduce((x, b) => x ^ b, 0),
  ).toBe(0)
})

it('gives up after three refusals and tries again later', () => {
  const { panel, after } = rig()
  panel.addFault({ fault: 'badCrc', times: 3 })
  panel.loops([false])
  after('', 500)
  const spoilt = after(ack)
  expect(after(nak)).toBe(spoilt)
  expect(after(nak)).toBe(spoilt)
  expect(after(nak)).toBe('04')
  expect(after('', 500)).toBe(select)
  expect(after(ack)).not.toBe(spoilt)
})

it('pages a standing alarm anew after a restart', () => {
  const { panel, after } = rig()
  panel.loops([false])
  after('', 500)
  after(ack)
  after(ack)
  panel.reboot()
  expect(after('', 500)).toBe(select)
})
