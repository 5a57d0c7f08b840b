import { VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { ClockJudge } from './clock-judge.ts'
import { type NtpSource, readNtp } from './ntp.ts'

const hour = 3_600_000
function judged() {
  const clock = new VirtualClock()
  const judge = new ClockJudge(
    () => clock.now(),
    () => clock.mono(),
  )
  /** An ack whose server clock is `behindMs` behind ours. */
  const ack = (behindMs: number) => judge.served(clock.now() - behindMs)
  return { clock, judge, ack }
}

test('G7: nobody says that the clock is right: unsynced', () => {
  expect(judged().judge.quality()).toBe('unsynced')
})

test('G7: the time service says so: synced; it falls silent: holdover, and unsynced when a crystal would be a second off', () => {
  const { clock, judge } = judged()
  judge.ntp(true)
  expect(judge.quality()).toBe('synced')
  judge.ntp(false)
  expect(judge.quality()).toBe('holdover')
  clock.advance(5 * hour)
  expect(judge.quality()).toBe('holdover')
  clock.advance(hour)
  expect(judge.quality()).toBe('unsynced')
})

test('G7: without a time service, agreement with the server is holdover, for as long as the crystal keeps it', () => {
  const { clock, judge, ack } = judged()
  ack(40)
  expect(judge.quality()).toBe('holdover')
  clock.advance(5 * hour)
  expect(judge.quality()).toBe('holdover')
  clock.advance(hour)
  expect(judge.quality()).toBe('unsynced')
})

test('G7: a server that disagrees makes it unsynced, and suspect where the time service says that it is right', () => {
  const { judge, ack } = judged()
  ack(-90_000)
  expect(judge.quality()).toBe('unsynced')
  judge.ntp(true)
  expect(judge.quality()).toBe('suspect')
})

test('a message that was long on its way proves no difference: the least of several counts', () => {
  const { clock, judge, ack } = judged()
  ack(30)
  clock.advance(1000)
  ack(9000)
  expect(judge.aheadMs()).toBe(30)
  expect(judge.quality()).toBe('holdover')
  clock.advance(600_001)
  expect(judge.aheadMs()).toBe(null)
})

test('G7: a wall jump against the monotonic clock makes it suspect for ten minutes, and older measures void', () => {
  const { clock, judge, ack } = judged()
  judge.ntp(true)
  ack(0)
  clock.advance(hour)
  expect(judge.quality()).toBe('synced')
  clock.jump(-24 * hour)
  expect(judge.quality()).toBe('suspect')
  clock.advance(599_000)
  judge.ntp(false)
  expect(judge.quality()).toBe('suspect')
  clock.advance(2000)
  expect(judge.quality()).toBe('unsynced')
})

const chrony = (id: string, leap: string) =>
  [id, 'ntp', '3', '1763791200.1', ...Array(9).fill('0.1'), leap].join()
const source = (answers: Record<string, string>, files: string[] = []): NtpSource => ({
  run: async (program) => answers[program] ?? null,
  exists: (path) => files.includes(path),
})

test.each<[string, NtpSource, boolean | null]>([
  ['nobody to ask', source({}), null],
  ['the kernel says yes', source({ timedatectl: 'yes\n' }), true],
  ['the kernel says no', source({ timedatectl: 'no\n' }), false],
  [
    'chrony knows better',
    source({ timedatectl: 'no\n', chronyc: chrony('A29FC87B', 'Normal') }),
    true,
  ],
  ['chrony without a source', source({ chronyc: chrony('00000000', 'Not synchronised') }), false],
  ['timesyncd left its mark', source({}, ['/run/systemd/timesync/synchronized']), true],
  ['words that are not ours', source({ timedatectl: 'Failed\n', chronyc: 'x' }), null],
])('the time service: %s', async (_name, from, answer) => {
  expect(await readNtp(from)).toBe(answer)
})
