/** What every driver must bear, whatever it speaks. Judged by its events alone. */
import { systemClock } from '../../system-clock.ts'
import type { Rig } from '../rig.ts'
import { isData, isHealth } from '../tape.ts'
import {
  type CheckCase,
  type CheckContext,
  type Measured,
  pause,
  promiseMs,
  within,
} from './case.ts'
import { undetectable } from './checksum.ts'
import { comesBack, eventsSince, goesDown, spell, together } from './steps.ts'

/** A driver that was well until now and has heard no byte asks for none: there is nothing on the way to spoil. */
const mute = ({ wire }: Rig) => (wire.carried === 0 ? 'the device says nothing unasked' : null)

const noStream = (rig: Rig) =>
  rig.standalone.wire === 'udp' ? 'a datagram arrives whole or not at all' : mute(rig)

async function unspoilt(c: CheckContext, spoiltBefore: number, mark: number): Promise<string[]> {
  const strange = c.told.strange(eventsSince(c, mark))
  if (strange.length === 0) return []
  const excuse = await undetectable(c.rig, c.rig.wire.spoilt.slice(spoiltBefore))
  return excuse ? [] : strange.map((s) => `said what the device never did: ${s}`)
}

/** A fault after which the driver must be well by itself, and must not have said what was not so. */
const bears =
  (run: (c: CheckContext) => Promise<void>) =>
  async (c: CheckContext): Promise<Measured> => {
    const mark = c.rig.tape.mark()
    const spoiltBefore = c.rig.wire.spoilt.length
    await run(c)
    const back = await comesBack(c, c.rig.tape.mark())
    return together({ wrong: await unspoilt(c, spoiltBefore, mark) }, back)
  }

/** A nuisance that a driver must not even notice. */
const ignores =
  (run: (c: CheckContext) => Promise<void>) =>
  async (c: CheckContext): Promise<Measured> => {
    const mark = c.rig.tape.mark()
    const state = c.rig.tape.all.findLast((t) => t.event.kind === 'health')?.event
    const bad = state?.kind === 'health' ? state.badFrames : 0
    await run(c)
    const wrong = c.told.strange(eventsSince(c, mark)).map((s) => `said what was not so: ${s}`)
    for (const e of eventsSince(c, mark)) {
      if (isHealth('offline', 'unknown')(e)) wrong.push('went offline although nothing was lost')
      if (e.kind === 'health' && e.badFrames > bad) wrong.push(`${e.badFrames - bad} bad frames`)
    }
    if (!(await c.rig.tape.next(mark, isData, within(c, promiseMs(c.rig))))) wrong.push('no data')
    return together({ wrong: [...new Set(wrong)] }, await comesBack(c, c.rig.tape.mark()))
  }

async function linkLoss(c: CheckContext): Promise<Measured> {
  const mark = c.rig.tape.mark()
  await c.rig.wire.cut()
  const down = await goesDown(c, mark)
  const behind = c.rig.tape.mark()
  await c.rig.wire.mend()
  return together(down, await comesBack(c, behind))
}

/** Nothing gets through and nobody says so: not on what stands, and not to who connects anew. */
async function blackHole(c: CheckContext): Promise<Measured> {
  const mark = c.rig.tape.mark()
  c.rig.wire.mangle({ kind: 'hole' })
  await c.rig.wire.deafen()
  const down = await goesDown(c, mark)
  const behind = c.rig.tape.mark()
  c.rig.wire.mangle({ kind: 'pass' })
  await c.rig.wire.hear()
  return together(down, await comesBack(c, behind))
}

async function reboot(c: CheckContext): Promise<Measured> {
  const { rig } = c
  const mark = rig.tape.mark()
  await rig.powerCut(1500)
  await rig.powered()
  const back = await comesBack(c, rig.tape.mark())
  const holes = eventsSince(c, mark).filter((e) => e.kind === 'hole')
  // Nobody knows what passed before a reader without power: its count is not complete.
  const blind = rig.facets.reader && holes.length === 0
  return together({ wrong: blind ? ['the reader was off and no hole was told'] : [] }, back)
}

async function slow(c: CheckContext): Promise<void> {
  const until = systemClock.mono() + (c.brief ? 3_000 : 15_000)
  c.rig.wire.mangle({ kind: 'delay', byMs: c.brief ? 2_500 : 8_000 })
  while (systemClock.mono() < until) await pause(50)
  c.rig.wire.mangle({ kind: 'pass' })
  // The device is slow until its last late answer is through, which else would spoil the next case.
  await c.rig.wire.drained()
}

const chunkBytes = 16_384
const mostGrowth = 50 * 1024 * 1024

async function flood(c: CheckContext): Promise<Measured> {
  const { rig, rng } = c
  const mark = rig.tape.mark()
  const before = rig.memory()
  const chunk = rng.bytes(chunkBytes)
  const total = (c.brief ? 2 : 64) * 1024 * 1024 * (rig.standalone.wire === 'pty' ? 0.05 : 1)
  const until = systemClock.mono() + within(c, 30_000)
  let peak = before
  for (let sent = 0, turn = 0; sent < total && systemClock.mono() < until; turn++) {
    if (rig.wire.inject(chunk)) sent += chunkBytes
    await pause(turn % 8 === 0 ? 2 : 0)
    if (turn % 64 === 0) peak = Math.max(peak, rig.memory())
  }
  const back = await comesBack(c, rig.tape.mark())
  const grown = Math.max(peak, rig.memory()) - before
  const strange = c.told.strange(eventsSince(c, mark))
  // Among millions of random bytes a weak checksum is right now and then.
  const chance = strange.length > 0 && (await undetectable(rig, [Buffer.concat([chunk, chunk])]))
  const wrong = chance ? [] : strange.map((s) => `took garbage for ${s}`)
  if (grown > mostGrowth) wrong.push(`memory grew by ${Math.round(grown / 1_048_576)} MB`)
  if (rig.driverDeaths > 0) wrong.push('the driver process died')
  return together({ wrong }, back, { wrong: [], note: `+${Math.round(grown / 1_048_576)} MB` })
}

async function clockJumps(c: CheckContext): Promise<void> {
  for (let n = 0; n < 4; n++) {
    c.rig.jumpClock()
    const mark = c.rig.tape.mark()
    await c.rig.tape.next(mark, isData, within(c, promiseMs(c.rig)))
  }
}

async function cleanStop({ rig }: CheckContext): Promise<Measured> {
  await rig.stopDriver()
  const mark = rig.tape.mark()
  await pause(300)
  const wrong = rig.endedCleanly
    ? []
    : ['had to be ended by force, two seconds after it was asked to']
  if (rig.tape.since(mark).length > 0) wrong.push('spoke after it had ended')
  return { wrong }
}

const few = (c: CheckContext, n: number) => (c.brief ? Math.ceil(n / 3) : n)

/** In this order; the last one ends the driver. */
export const cases: readonly CheckCase[] = [
  { name: 'link loss', zh: '断线', run: linkLoss },
  {
    name: 'black hole',
    zh: '黑洞',
    run: blackHole,
    long: (rig) => promiseMs(rig) > 20_000,
  },
  { name: 'device reboot', zh: '设备重启', run: reboot },
  {
    name: 'split frames',
    zh: '拆包',
    notFor: noStream,
    run: ignores((c) => spell(c, { kind: 'split', most: 3 }, few(c, 12))),
  },
  {
    name: 'merged frames',
    zh: '粘包',
    notFor: noStream,
    run: ignores((c) => spell(c, { kind: 'merge', holdMs: 60 }, few(c, 12))),
  },
  {
    name: 'half frames',
    zh: '半包',
    notFor: mute,
    run: bears((c) => spell(c, { kind: 'half', nth: 3 }, few(c, 6))),
  },
  {
    name: 'bad checksum',
    zh: '校验错',
    notFor: mute,
    run: bears((c) => spell(c, { kind: 'corrupt', nth: 3 }, few(c, 9))),
  },
  {
    name: 'wrong id',
    zh: '错号',
    notFor: mute,
    run: bears((c) => spell(c, { kind: 'stale', nth: 4 }, few(c, 6))),
  },
  {
    name: 'duplicates',
    zh: '重复',
    notFor: mute,
    run: bears((c) => spell(c, { kind: 'duplicate', nth: 2 }, few(c, 12))),
  },
  { name: 'slow device', zh: '慢设备', notFor: mute, run: bears(slow) },
  { name: 'clock jumps', zh: '时钟跳变', run: ignores(clockJumps) },
  { name: 'flood', zh: '洪水', run: flood },
  { name: 'clean stop', zh: '干净停止', run: cleanStop },
]
