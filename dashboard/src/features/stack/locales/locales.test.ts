import { expect, it } from 'vitest'
import { deskEn } from '../../desk/locales/en.ts'
import { deskZh } from '../../desk/locales/zh-cn.ts'
import { searchEn } from '../../search/locales/en.ts'
import { searchZh } from '../../search/locales/zh-cn.ts'
import { stackEn } from './en.ts'
import { stackZh } from './zh-cn.ts'

/** Keys without their plural forms, which differ between languages. */
const keysOf = (o: object, path = ''): string[] =>
  Object.entries(o).flatMap(([k, v]) =>
    typeof v === 'object' ? keysOf(v, `${path}${k}.`) : [path + k.replace(/_ordinal_\w+$/, '')],
  )
const keySet = (o: object) => [...new Set(keysOf(o))].sort()
const placeholders = (o: object) => new Set(JSON.stringify(o).match(/\{\{\w+\}\}/g))

it.each([
  ['stack', stackZh, stackEn],
  ['desk', deskZh, deskEn],
  ['search', searchZh, searchEn],
] as const)('%s says everything in both languages', (_, zh, en) => {
  expect(keySet(en)).toEqual(keySet(zh))
  expect(placeholders(en)).toEqual(placeholders(zh))
})

it('never claims that a room is empty of people, nor calls a request an emergency stop', () => {
  const zh = JSON.stringify([stackZh, deskZh, searchZh])
  expect(zh).not.toMatch(/可以进入|缺失|丢失|安全进入/)
  expect(zh.match(/急停/g)?.length).toBe(
    zh.match(/不是急停|急停在列端|急停未按下|急停已按下|急停状态未知|急停：未提供/g)?.length,
  )
})
