import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '@lantai/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BrandName, brands } from '../devices/llrp/brands.ts'
import { ByteWriter } from '../devices/llrp/bytes.ts'
import { encodeMessage, m, splitMessages } from '../devices/llrp/messages.ts'
import { LlrpReader } from '../devices/llrp/reader.ts'
import {
  addRospec,
  enableExtensions,
  getCapabilities,
  plain,
  setConfig,
  tablesOf,
  withId,
} from '../testing/llrp-client.ts'
import { Rng } from '../world/rng.ts'
import { run, withPeer } from './peer.ts'

const epc = '3403769E7CC04C00000F4241'
const tid = 'E28011606000020900000001'

interface Talk {
  fromReader: Buffer[]
  fromClient: Buffer[]
}

/** A whole conversation: every kind of message that the reader can send, and those of the test client. */
function conversation(name: BrandName, version: 1 | 2): Talk {
  const clock = new VirtualClock()
  const fromReader: Buffer[] = []
  const fromClient: Buffer[] = []
  const brand = brands[name]
  const reader = new LlrpReader({
    model: { brand, antennas: 2, firmware: '6.4.1.240' },
    clock,
    rng: new Rng('tshark'),
    send: (bytes) => fromReader.push(bytes),
    hangUp: () => undefined,
  })
  const say = (bytes: Buffer, spoken: number = version) => {
    bytes.writeUInt16BE((spoken << 10) | (bytes.readUInt16BE(0) & 0x3ff))
    fromClient.push(bytes)
    for (const message of splitMessages(bytes)?.messages ?? []) reader.handle(message)
  }
  reader.connect()
  say(encodeMessage(m.getSupportedVersion, 1), 2)
  if (version === 2) say(encodeMessage(m.setProtocolVersion, 2, Buffer.from([2])))
  say(getCapabilities())
  // Not Identification (1): tshark 4.0 forgets its length field and calls it two bytes short. For the same
  // reason no serialised TID below: it takes the count of words for one of bytes.
  for (const requested of [2, 7, 8, 9, 10, 11])
    say(encodeMessage(m.getConfig, 2, new ByteWriter().u16(0).u8(requested).u32(0).done()))
  say(enableExtensions())
  say(setConfig(1000, brand.holds, [2, 3, 4, 6, 8]))
  say(output(1, true))
  say(withId(m.deleteAccessSpec, 0))
  say(withId(m.deleteRospec, 0))
  say(tidRead())
  say(withId(m.enableAccessSpec, 4))
  const tables = tablesOf(brand)
  say(addRospec({ ...tables, hopTable: 9 }))
  say(addRospec({ ...tables, phase: name === 'impinj', roundMs: 2000 }))
  say(withId(m.enableRospec, 7))
  say(plain(m.enableEventsAndReports))
  reader.field.place([{ epc, tid, distanceMm: { 1: 400, 2: 900 } }])
  clock.advance(2500)
  say(plain(m.getRospecs))
  say(plain(m.getAccessSpecs))
  reader.out.overflow()
  say(encodeMessage(999, 9))
  say(plain(m.keepaliveAck))
  say(plain(m.closeConnection))
  return { fromReader, fromClient }
}

const output = (port: number, high: boolean): Buffer =>
  encodeMessage(
    m.setConfig,
    41,
    new ByteWriter()
      .u8(0)
      .tlv(219, (p) => p.u16(port).u8(high ? 0x80 : 0))
      .done(),
  )

/** AccessSpec that reads six words of the TID bank of every tag. */
function tidRead(): Buffer {
  const w = new ByteWriter().tlv(207, (a) => {
    a.u32(4).u16(0).u8(1).u8(0).u32(0)
    a.tlv(208, (s) => s.u8(0).u16(0))
    a.tlv(209, (c) => {
      c.tlv(338, (t) => t.tlv(339, (p) => p.u8(0x60).u16(0).u16(0).u16(0)))
      c.tlv(341, (r) => r.u16(1).u32(0).u8(0x80).u16(0).u16(6))
    })
    a.tlv(239, (r) => r.u8(0))
  })
  return encodeMessage(m.addAccessSpec, 40, w.done())
}

/** One packet a message, as text2pcap wants it. */
const hexDump = (messages: Buffer[]): string =>
  messages
    .map((b) =>
      Array.from({ length: Math.ceil(b.length / 16) }, (_, i) => {
        const row = b.subarray(i * 16, i * 16 + 16).toString('hex')
        return `${(i * 16).toString(16).padStart(6, '0')} ${row.replace(/../g, '$& ')}`
      }).join('\n'),
    )
    .join('\n')

/** tshark 4.0 dissects SET_PROTOCOL_VERSION, forgets to count its one byte, and calls the message too long. */
const itsFault = 'LLRP Message (Set Protocol Version)'

const talks: readonly [BrandName, 1 | 2][] = [
  ['impinj', 1],
  ['impinj', 2],
  ['zebra', 1],
  ['thingmagic', 1],
]

withPeer('tshark', 'tshark', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lantai-llrp-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  const all = new Map(
    talks.map(([name, version]) => [`${name}-${version}`, conversation(name, version)]),
  )
  beforeAll(async () => {
    for (const [name, talk] of all)
      for (const [side, messages, ports] of [
        ['reader', talk.fromReader, '5084,40000'],
        ['client', talk.fromClient, '40000,5084'],
      ] as const) {
        const file = join(dir, `${name}-${side}`)
        writeFileSync(`${file}.txt`, hexDump(messages))
        await run('text2pcap', ['-q', '-T', ports, `${file}.txt`, `${file}.pcap`])
      }
  })
  const tshark = async (name: string, args: string[]) =>
    (await run('tshark', ['-r', join(dir, `${name}.pcap`), ...args], { maxBuffer: 1 << 26 })).stdout

  it.each(talks.flatMap((t) => [[...t, 'reader'] as const, [...t, 'client'] as const]))(
    '%s, version %i: dissects every message of the %s with none malformed',
    async (brand, version, side) => {
      const name = `${brand}-${version}`
      const talk = all.get(name)
      const said = (side === 'reader' ? talk?.fromReader : talk?.fromClient) ?? []
      const messages = said.flatMap((b) => splitMessages(b)?.messages ?? [])
      const fields = ['-T', 'fields', '-e', 'llrp.type', '-e', 'llrp.version']
      const lines = (await tshark(`${name}-${side}`, fields)).trim().split('\n')
      expect(lines.map((l) => l.split('\t')[0])).toEqual(messages.map((x) => String(x.type)))
      // The second version in one line is that which SET_PROTOCOL_VERSION names.
      expect(lines.map((l) => Number(l.split('\t')[1]?.split(',')[0]))).toEqual(
        messages.map((x) => x.version),
      )
      expect(messages.length).toBeGreaterThan(20)
      const bad = await tshark(`${name}-${side}`, [
        '-Y',
        '_ws.malformed or _ws.expert.severity == error',
      ])
      const complaints = bad.split('\n').filter((line) => line !== '' && !line.includes(itsFault))
      expect(complaints).toEqual([])
    },
  )

  const says = async (name: string, filter: string, words: string[]) => {
    const text = await tshark(`${name}-reader`, ['-V', '-Y', filter])
    for (const w of words) expect(text.includes(w), w).toBe(true)
  }

  it.each([...all.keys()])('%s: finds in the reports what was read', (name) =>
    says(name, 'llrp.type == 61', [
      `EPC: ${epc.toLowerCase()}`,
      'Antenna ID: 1',
      'Tag count: 1',
      'PC bits: 0x3000',
      `Read data: ${tid.toLowerCase()}`,
      ...(name.startsWith('impinj')
        ? [
            'Impinj parameter subtype: RF phase angle (56)',
            'Impinj parameter subtype: Peak RSSI (57)',
          ]
        : []),
    ]),
  )

  it('names statuses, capabilities and events as the specification does', () =>
    says('impinj-1', 'llrp', [
      'Status code: M_FieldError (101)',
      'Error Description: invalid HopTableID (9)',
      'Status code: M_UnsupportedMessage (109)',
      'Support event and report holding: Yes',
      'Report Buffer Overflow Error Event',
      'AI Spec Event',
      'CONN Attempt Event',
    ]))

  it('finds the agreement on 1.1, and the refusal of a reader of 1.0.1', async () => {
    await says('impinj-2', 'llrp.type == 56', [
      'Current Version: 1.0.1 (1)',
      'Supported Version: 1.1 (2)',
    ])
    await says('zebra-1', 'llrp.type == 100', ['Status code: M_UnsupportedVersion (110)'])
  })
})
