import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { newDir } from '../outbox/testing.ts'
import { openRecording } from '../recording.ts'
import { checkDevices } from './device-file.ts'
import { loadEpcProfiles } from './epc-profiles.ts'
import { OwnNumbers } from './own-numbers.ts'

const yaml = `
- name: old-numbers
  words: 6
  match: { afi: 0xC2 }
  fields: [{ name: serial, at: 0, bits: 56, as: text }]
  box: 'LT{serial}*'
`
/** "1234567" in ASCII, and the PC word of six words that are not GS1's, family C2. */
const own = { epc: '313233343536370000000000', pc: 0x31c2 }
const gs1 = { epc: '3074257BF7194E4000001A85', pc: 0x3000 }
const read = (tag: { epc: string; pc?: number }) => ({ ...tag, antenna: 1, count: 1 })

function profiles() {
  const loaded = loadEpcProfiles(yaml)
  if (!loaded.ok) throw new Error(loaded.wrong.join())
  return loaded.profiles
}

test('the profile that docs/epc.md shows is one', () => {
  const page = readFileSync(new URL('../../../docs/epc.md', import.meta.url), 'utf8')
  const [, shown = ''] = /```yaml\n([^`]*)```/.exec(page) ?? []
  expect(loadEpcProfiles(shown)).toMatchObject({ ok: true, profiles: [{ name: 'old-numbers' }] })
})

test.each<[string, string, RegExp]>([
  ['no YAML', '- [', /./],
  ['an alias to nothing', '- *gone', /gone/],
  ['no list', 'name: x', /no list/],
  ['an unknown field', yaml.replace('words', 'length'), /words|length/],
  ['two that fit one tag', yaml + yaml.replace('old-numbers', 'others'), /may fit/],
])('a file that is %s is refused whole', (_, text, why) => {
  const loaded = loadEpcProfiles(text)
  expect(loaded.ok ? [] : loaded.wrong.join()).toMatch(why)
})

test('a tag needs its PC word, which is remembered until something is said of it; without profiles nothing is', () => {
  const numbers = new OwnNumbers(profiles)
  expect(numbers.of(own.epc)).toBeNull()
  numbers.heard(read(own))
  numbers.heard(read({ epc: own.epc }))
  expect(numbers.of(own.epc)).toEqual({ box: 'LT1234567B', pc: own.pc })
  numbers.heard(read(gs1))
  expect(numbers.of(gs1.epc)).toBeNull()
  const none = new OwnNumbers(() => [])
  none.heard(read(own))
  expect(none.of(own.epc)).toBeNull()
})

test('profiles that come later read the tags that lie there, and those that went read nothing more', () => {
  let inForce: ReturnType<typeof profiles> = []
  const numbers = new OwnNumbers(() => inForce)
  numbers.heard(read(own))
  inForce = profiles()
  numbers.heard(read(own))
  expect(numbers.of(own.epc)?.box).toBe('LT1234567B')
  inForce = []
  expect(numbers.of(own.epc)).toBeNull()
})

test('only the PC words of the last twenty thousand tags are kept', () => {
  const inForce = profiles()
  const numbers = new OwnNumbers(() => inForce)
  numbers.heard(read(own))
  const hex = (n: number) => n.toString(16).toUpperCase().padStart(24, '0')
  for (let n = 0; n < 19_999; n++) numbers.heard(read({ epc: hex(n), pc: own.pc }))
  expect(numbers.of(own.epc)?.box).toBe('LT1234567B')
  numbers.heard(read({ epc: hex(20_000), pc: own.pc }))
  expect(numbers.of(own.epc)).toBeNull()
})

test('what a desk reader sees of such a tag goes to the server with the box and the PC word; any other tag goes as before', async () => {
  const reader = {
    id: 'desk-1',
    label: 'desk',
    driver: 'llrp',
    host: '127.0.0.1',
    port: 5084,
    role: 'desk',
  }
  const checked = checkDevices({ version: 1, devices: [reader] })
  if (!checked.ok) throw new Error(checked.wrong.join())
  await using recording = await openRecording({
    dir: newDir(),
    devices: checked.devices,
    maxMb: 16,
    epcProfiles: profiles(),
    fatal: (error) => {
      throw error
    },
    ask: async () => 'unsupported',
  })
  recording.take({ kind: 'tags', device: 'desk-1', reads: [read(own), read(gs1)] }, 0)
  const sightings = (await recording.items()).map((i) => JSON.parse(i) as { data: object })
  expect(sightings.map((s) => s.data)).toMatchObject([
    { epc: own.epc, box: 'LT1234567B', pc: own.pc },
    { epc: gs1.epc },
  ])
  expect(sightings[1]?.data).not.toHaveProperty('box')
  expect(sightings[1]?.data).not.toHaveProperty('pc')
})
