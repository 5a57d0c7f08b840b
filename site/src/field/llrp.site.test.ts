import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Standalone } from '@lantai/firmware-sim'
import { expect, test } from 'vitest'
import { createAuthority, issue } from '../pki/authority.ts'
import { keptItem, unkept } from './kept.ts'
import { Rig, standaloneNamed } from './rig.ts'
import { type Fits, isHealth } from './tape.ts'

const isTags: Fits = (e) => e.kind === 'tags'
const isHole: Fits = (e) => e.kind === 'hole'
const reads = (rig: Rig) =>
  rig.tape.all.flatMap(({ event }) => (event.kind === 'tags' ? event.reads : []))
/** What the device says of itself, now: it tells after each message. */
async function detail(rig: Rig, name: string) {
  await rig.device.send({ type: 'fault', fault: { kind: 'heal' } })
  return rig.device.state?.detail[name]
}

test.each([
  ['llrp-reader', '1.1', true],
  ['llrp-zebra', '1.0.1', false],
  ['llrp-thingmagic', '1.0.1', false],
  ['llrp-tls', '1.1', true],
] as const)(
  '%s: agreed on LLRP %s; each read says what this maker can',
  async (name, version, impinj) => {
    await using rig = await Rig.open(name)
    await rig.well()
    expect(await detail(rig, 'version')).toBe(version)
    for (const read of reads(rig)) {
      expect(read.epc).toMatch(/^34000000000000000000000[1-4]$/)
      expect(read.tid).toBe(`E2801160200000000000000${read.epc.at(-1)}`)
      expect(read).toMatchObject({ antenna: 1, pc: 0x3000, count: 1 })
      expect(read.frequencyKhz).toBe(920_625 + 250 * ((read.channel ?? 0) - 1))
      expect(read.phaseRad === undefined).toBe(!impinj)
      expect(Number.isInteger(read.rssiDbm) || impinj).toBe(true)
    }
  },
)

test.each(['llrp-reader', 'llrp-tls'])('%s: power off and on leaves one hole', async (name) => {
  await using rig = await Rig.open(name)
  await rig.well()
  const mark = rig.tape.mark()
  await rig.powerCut(200)
  await rig.tape.next(mark, isHealth('offline'))
  await rig.well(mark)
  await rig.tape.next(mark, isHole)
  expect(rig.tape.all.filter(({ event }) => event.kind === 'hole')).toHaveLength(1)
})

test('a reader that still believes in a client that is gone is waited for, and told of', async () => {
  await using rig = await Rig.open('llrp-reader')
  await rig.well()
  await rig.device.send({ type: 'fault', fault: { kind: 'stale', holdMs: 3_600_000 } })
  const mark = rig.tape.mark()
  await rig.wire.cut()
  await rig.tape.next(mark, isHealth('offline'))
  await rig.wire.mend()
  await rig.tape.next(
    mark,
    (e) => e.kind === 'health' && e.detail === 'reader held by another client',
  )
  await rig.device.send({ type: 'fault', fault: { kind: 'heal' } })
  await rig.well(mark)
})

test('rounds: each tag once a round, and the reader stays well between them', async () => {
  const rounds = { everySeconds: 1, quietMs: 200, longestMs: 800 }
  await using rig = await Rig.open('llrp-zebra', { edit: (e) => ({ ...e, rounds }) })
  for (let n = 0, mark = 0; n < 3; n++) {
    await rig.tape.next(mark, isTags)
    mark = rig.tape.mark()
  }
  for (const { event } of rig.tape.all) {
    if (event.kind !== 'tags') continue
    const epcs = event.reads.map((r) => r.epc)
    expect(new Set(epcs).size).toBe(epcs.length)
  }
  const states = rig.tape.all.flatMap(({ event }) => (event.kind === 'health' ? event.state : []))
  expect(states).toEqual(['online'])
})

const isRound: Fits = (e) => e.kind === 'round'
const roundsOf = (rig: Rig) =>
  rig.tape.all.flatMap(({ event }) => (event.kind === 'round' ? [event] : []))
/** The facts of a rig that records, once what was folded is told; and what of the tape is not in them. */
async function recorded(rig: Rig) {
  await rig.stopDriver()
  rig.recording.end()
  const items = (await rig.recording.items()).map(keptItem)
  const events = rig.tape.all.map((t) => t.event)
  const told = items.flatMap((i) => (i.type === 'lantai.round.v1' ? [i.data] : []))
  return { told, unkept: unkept(events, items, rig.facets) }
}

test.each([
  // One holds reports back and tells its events in the order of the specification; one holds nothing.
  'llrp-reader',
  'llrp-thingmagic',
])(
  '%s: a round that was heard from its start to its end is complete, with all its tags, and is a fact',
  async (name) => {
    const rounds = { everySeconds: 1, quietMs: 200, longestMs: 800 }
    await using rig = await Rig.open(name, { edit: (e) => ({ ...e, rounds }), recording: true })
    for (let n = 0, mark = 0; n < 3; n++) {
      await rig.tape.next(mark, isRound)
      mark = rig.tape.mark()
    }
    const all = roundsOf(rig)
    for (const r of all.slice(0, 3)) {
      expect(r).toMatchObject({ antennas: [1], troubles: [] })
      expect(r.epcs.toSorted()).toEqual([1, 2, 3, 4].map((n) => `34000000000000000000000${n}`))
    }
    const { told, unkept } = await recorded(rig)
    expect(unkept).toEqual([])
    expect(told[0]).toMatchObject({ reader: 'reader-1', rounds: 1, tags: 4, troubles: [] })
  },
)

test('a round in which reads are lost or the link is lost is told as incomplete, with each reason', async () => {
  const long = { everySeconds: 3600, quietMs: 60_000, longestMs: 3_600_000 }
  await using rig = await Rig.open('llrp-reader', {
    edit: (e) => ({ ...e, rounds: long }),
    recording: true,
  })
  await rig.tape.next(0, isHealth('online'))
  // The reader says so within its first round, which has begun with the start-up.
  await rig.device.send({ type: 'fault', fault: { kind: 'overflow' } })
  await rig.tape.next(0, isHole)
  expect(roundsOf(rig)).toEqual([])
  const mark = rig.tape.mark()
  await rig.wire.cut()
  const { event } = await rig.tape.next(mark, isRound)
  expect(event).toMatchObject({ antennas: [1], troubles: ['overflow', 'link-lost'] })
  await rig.wire.mend()
  await rig.tape.next(mark, isHealth('online'))
  await rig.tape.next(mark, isHole)
  const { told, unkept } = await recorded(rig)
  expect(unkept).toEqual([])
  expect(told[0]).toMatchObject({ rounds: 1, troubles: ['overflow', 'link-lost'] })
})

/** A secured reader of which the driver is told `trust`, and which lets in the clients of `trusted`. */
const secured = (tls: object, trusted: string[] = []) => {
  const device = standaloneNamed('llrp-tls')
  const spec: Standalone['spec'] = (options) =>
    device.spec({ ...options, trust: trusted, allowNone: false })
  return Rig.open(
    { ...device, spec },
    { edit: (e) => ({ ...e, tls: { ...(e as unknown as { tls: object }).tls, ...tls } }) },
  )
}
const offlineDetail = async (rig: Rig) => {
  const { event } = await rig.tape.next(0, isHealth('offline'))
  return event.kind === 'health' ? event.detail : null
}

test('a secured reader with another certificate than the entry names is never spoken to', async () => {
  const stranger = await createAuthority(Date.now())
  await using rig = await secured({ ca: stranger.cert })
  expect(await offlineDetail(rig)).toMatch(/self-signed certificate|unable to verify/)
  expect(reads(rig)).toEqual([])
})

test.each(['its own certificate', 'the authority that signed it'])(
  'a secured reader is trusted by %s',
  async (by) => {
    const authority = await createAuthority(Date.now())
    const own = await issue(authority, 'localhost', 'server', Date.now())
    const device = standaloneNamed('llrp-tls')
    const spec: Standalone['spec'] = (options) => {
      const plain = device.spec(options)
      if (plain.kind !== 'llrp' || !plain.tls) throw new Error('not a secured reader')
      return { ...plain, tls: { ...plain.tls, ...own } }
    }
    const ca = by === 'its own certificate' ? own.cert : authority.cert
    await using rig = await Rig.open(
      { ...device, spec },
      { edit: (e) => ({ ...e, tls: { ca, servername: 'localhost' } }) },
    )
    await rig.well()
  },
)

test.each(['its own certificate', 'the authority that signed it'])(
  'a secured reader lets in the gateway by %s, and nobody without one',
  async (by) => {
    const authority = await createAuthority(Date.now())
    const { cert, key } = await issue(authority, 'gateway', 'client', Date.now())
    const trusted = [by === 'its own certificate' ? cert : authority.cert]
    await using without = await secured({}, trusted)
    expect(await offlineDetail(without)).toBeTruthy()
    expect(reads(without)).toEqual([])
    const dir = mkdtempSync(join(tmpdir(), 'lantai-llrp-'))
    const [certPath, keyPath] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
    writeFileSync(certPath, cert)
    writeFileSync(keyPath, key)
    try {
      await using rig = await secured({ certPath, keyPath }, trusted)
      await rig.well()
    } finally {
      rmSync(dir, { recursive: true })
    }
  },
)
