import { describe, expect, it } from 'vitest'
import { setupEn } from './locales/en.ts'
import { setupZh } from './locales/zh-cn.ts'
import { checkParts, devicePart, type SaidPart } from './said.ts'

const at = (texts: object, key: string): unknown =>
  key.split('.').reduce<unknown>((o, k) => (o as Record<string, unknown>)?.[k], texts)
const filled = (texts: object, p: SaidPart) =>
  p.key === null
    ? p.text
    : String(at(texts, p.key)).replace(/{{(\w+)}}/g, (_, name) => p.values[name] ?? '?')

/** As server/src/features/gateways/checks.ts and the ledger's start check say it. */
const said = [
  ['timescale', 'plain PostgreSQL'],
  ['disk', '75.4 GiB free, 30 %'],
  [
    'durability',
    'PostgreSQL fsync is off, must be on; PostgreSQL data_sync_retry is on, must be off',
  ],
  ['broker', 'not connected'],
  ['broker', 'connected, but nothing comes through'],
  ['gateways', 'none was ever heard'],
  ['gateways', 'held: gw-01'],
  ['gateways', 'silent: gw-01, gw-02'],
  ['clocks', 'gw-01: suspect, gw-02: unsynced'],
  ['contracts', 'gw-01: older, gw-02: newer'],
  ['contracts', 'gw-01: too-old, gw-02: too-new'],
  ['configs', 'gw-01: waiting, gw-02: rejected, gw-03: other'],
  ['ledger', 'the tree of 12 entries does not have the root that was signed'],
  ['ledger', 'entry 7 is not what was hashed'],
  ['ledger', 'node 2/1 of the tree was changed'],
  ['ledger', 'the kept checkpoint: bad signature'],
  ['ledger', 'the newest checkpoint: bad signature'],
  ['ledger', 'witness gw-01 has 9 entries, the database has 7'],
  ['ledger', 'witness gw-01 has another root at size 9'],
  ['ledger', 'the kept checkpoint has 9 entries, the database has 7'],
  ['ledger', 'the kept checkpoint has another root at size 9'],
  ['witness', 'nothing recorded yet'],
  ['witness', 'not anchored'],
  ['witness', 'gw-01: 1 of 3'],
  ['quarantine', '4'],
] as const

/** As the gateway's drivers say it. */
const devices = [
  'connect ECONNREFUSED 127.0.0.1:5020',
  'connect EHOSTUNREACH 10.0.0.9:502',
  'read ECONNRESET',
  'the peer closed the connection',
  "Error: No such file or directory, cannot open '/dev/ttyUSB0'",
  'the serial port was closed',
  'no unit on the line answers',
  '2 of 8 sensors silent',
  'reader held by another client',
  'antenna 1, 2 disconnected',
  '20 or more bad frames within a minute',
  'not connected',
]

describe('what server and gateway say of themselves, in the words of the screen', () => {
  const parts = [
    ...said.flatMap(([id, detail]) => checkParts(id, detail)),
    ...devices.map(devicePart),
  ]

  it('knows every detail, in both languages', () => {
    for (const p of parts) {
      expect(p.key, p.text).not.toBeNull()
      for (const texts of [setupZh, setupEn]) {
        expect(at(texts, p.key ?? ''), p.key ?? p.text).toBeTypeOf('string')
        expect(filled(texts, p)).not.toContain('?')
      }
    }
  })

  it('leaves no English in the Chinese words but names and numbers', () => {
    for (const p of parts) {
      const names = Object.values(p.values).reduce(
        (s, v) => s.replaceAll(v, ''),
        filled(setupZh, p),
      )
      expect(names.replace(/PostgreSQL|GiB/g, '')).not.toMatch(/[A-Za-z]{3,}/)
    }
  })

  it('carries the numbers and names along', () => {
    const words = (texts: object, id: 'witness' | 'disk' | 'clocks', detail: string) =>
      checkParts(id, detail).map((p) => filled(texts, p))
    expect(words(setupZh, 'disk', '75.4 GiB free, 30 %')).toEqual(['剩余 75.4 GiB（30 %）'])
    expect(words(setupEn, 'witness', 'gw-01: 1 of 3')).toEqual(['gw-01 witnessed 1 of 3 entries'])
    expect(words(setupZh, 'clocks', 'gw-01: suspect, gw-02: unsynced')).toHaveLength(2)
  })

  it('shows what it does not know as it is', () => {
    expect(checkParts('database', 'PostgreSQL 18.4')).toEqual([
      { key: null, text: 'PostgreSQL 18.4', values: {} },
    ])
    expect(devicePart('读头过热')).toEqual({ key: null, text: '读头过热', values: {} })
  })
})
