/** Every namespace in both languages: one per screen, kept beside its screen. zh-CN is the first language. */
import { alarmsEn } from '../../features/alarms/locales/en.ts'
import { alarmsZh } from '../../features/alarms/locales/zh-cn.ts'
import { deskEn } from '../../features/desk/locales/en.ts'
import { deskZh } from '../../features/desk/locales/zh-cn.ts'
import { devicesEn } from '../../features/devices/locales/en.ts'
import { devicesZh } from '../../features/devices/locales/zh-cn.ts'
import { overviewEn } from '../../features/overview/locales/en.ts'
import { overviewZh } from '../../features/overview/locales/zh-cn.ts'
import { searchEn } from '../../features/search/locales/en.ts'
import { searchZh } from '../../features/search/locales/zh-cn.ts'
import { setupEn } from '../../features/setup/locales/en.ts'
import { setupZh } from '../../features/setup/locales/zh-cn.ts'
import { signInEn } from '../../features/sign-in/locales/en.ts'
import { signInZh } from '../../features/sign-in/locales/zh-cn.ts'
import { stackEn } from '../../features/stack/locales/en.ts'
import { stackZh } from '../../features/stack/locales/zh-cn.ts'
import { commonEn } from './locales/common-en.ts'
import { commonZh } from './locales/common-zh.ts'
import { problemsEn } from './locales/problems-en.ts'
import { problemsZh } from './locales/problems-zh.ts'

export const zh = {
  common: commonZh,
  problems: problemsZh,
  signIn: signInZh,
  overview: overviewZh,
  alarms: alarmsZh,
  setup: setupZh,
  devices: devicesZh,
  stack: stackZh,
  desk: deskZh,
  search: searchZh,
}
export const en = {
  common: commonEn,
  problems: problemsEn,
  signIn: signInEn,
  overview: overviewEn,
  alarms: alarmsEn,
  setup: setupEn,
  devices: devicesEn,
  stack: stackEn,
  desk: deskEn,
  search: searchEn,
}
export type Namespace = keyof typeof zh
