import { conditionKinds, problemCodes, quantities, roleNames } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { pickLanguage } from './i18n.ts'
import { en, zh } from './resources.ts'

type Tree = { readonly [key: string]: string | Tree }

/** Leaves as `alarms:state.closed`, without the plural ending that only English has. */
function leaves(tree: Tree, path = ''): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([k, v]): [string, string][] => {
    const key = path ? `${path}.${k}` : k
    return typeof v === 'string' ? [[key, v]] : leaves(v, key)
  })
}
const keys = (tree: Tree) =>
  [...new Set(leaves(tree).map(([k]) => k.replace(/_(zero|one|two|few|many|other)$/, '')))].sort()
const variables = (text: string) =>
  [...new Set([...text.matchAll(/{{\s*(\w+)/g)].map((m) => m[1]))].sort()

test('both languages say the same things', () => {
  expect(keys(en)).toEqual(keys(zh))
})

/** Measure words that English does not have. */
const chineseOnly = ['stack.way.unit']

test('no text is empty, and none is left in the other language', () => {
  for (const [key, text] of leaves(zh)) expect(text, key).not.toBe('')
  for (const [key, text] of leaves(en))
    if (!chineseOnly.includes(key)) expect(text, key).not.toBe('')
  const spoken = leaves(en).filter(([k]) => !k.startsWith('common.languageName'))
  expect(spoken.filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([])
})

test('both languages use the same variables', () => {
  const chinese = new Map(leaves(zh))
  for (const [key, text] of leaves(en)) {
    const same = chinese.get(key)
    if (same !== undefined) expect(variables(text), key).toEqual(variables(same))
  }
})

test('every code, kind, role and quantity of the contract has words', () => {
  for (const code of problemCodes) expect(zh.problems).toHaveProperty([code])
  for (const kind of conditionKinds) {
    expect(zh.alarms.kind).toHaveProperty([kind])
    expect(zh.alarms.steps).toHaveProperty([kind])
  }
  for (const quantity of quantities) expect(zh.stack.climate).toHaveProperty([quantity])
  for (const role of roleNames) expect(zh.common.role).toHaveProperty([role])
})

test('S7: no text calls the request to stop an emergency stop, and none claims that an aisle is safe', () => {
  const stop = JSON.stringify([zh.common.stop.label, en.common.stop.label])
  expect(stop).not.toMatch(/急停|emergency/i)
  const all = [...leaves(zh), ...leaves(en)].map(([, text]) => text)
  expect(all.filter((t) => /可以进入|通道无人|safe to enter|clear to enter/i.test(t))).toEqual([])
})

test('the language is the chosen one, else the first that we speak, else Chinese', () => {
  expect(pickLanguage('en', ['zh-CN'])).toBe('en')
  expect(pickLanguage('fr', ['de', 'en-GB', 'zh'])).toBe('en')
  expect(pickLanguage(null, ['zh-TW', 'en'])).toBe('zh-CN')
  expect(pickLanguage(null, ['de'])).toBe('zh-CN')
})
