import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadSparkplug } from './settings.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantai-sparkplug-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const load = (text: string) => {
  const file = join(folder, 'sparkplug.yaml')
  writeFileSync(file, text)
  return loadSparkplug(file)
}
const plain = 'group: archive\nedgeNode: gw-01\n'

test('a broker on this machine needs no more than its address', () => {
  expect(load(`url: mqtt://127.0.0.1:1883\n${plain}`)).toEqual({
    settings: { url: 'mqtt://127.0.0.1:1883', group: 'archive', edgeNode: 'gw-01' },
  })
})

test('elsewhere only over TLS, with an authority that is named and there', () => {
  const ca = join(folder, 'ca.pem')
  writeFileSync(ca, 'pem')
  expect(load(`url: mqtts://scada:8883\nca: ${ca}\n${plain}`)).toHaveProperty('settings')
  expect(load(`url: mqtt://scada:1883\n${plain}`)).toHaveProperty('wrong')
  expect(load(`url: mqtt://127.0.0.1.example:1883\n${plain}`)).toHaveProperty('wrong')
  expect(load(`url: mqtts://scada:8883\n${plain}`)).toEqual({
    wrong: ['ca is missing: nothing else is trusted'],
  })
})

test('everything that is wrong is told at once, secrets in the file itself included', () => {
  const answer = load(
    `url: mqtts://scada\nkey: /nowhere/key.pem\npasswordFile: /nowhere/word\n${plain}`,
  )
  expect('wrong' in answer && answer.wrong).toHaveLength(5)
  expect(load(`url: mqtt://localhost\npassword: secret\n${plain}`)).toHaveProperty('wrong')
  expect(load(`url: mqtt://localhost\ngroup: a/b\nedgeNode: '+'\n`)).toHaveProperty('wrong')
})
