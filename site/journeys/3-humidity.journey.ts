/**
 * Journey 3: the air grows damp in a corner; an alarm comes into the open page, is acknowledged with name and
 * comment, and goes when the air is good again. One that nobody has seen does not go by itself.
 */
import type { AlarmView } from '@lantai/contracts'
import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import { journey, Stage, type Visitor } from './harness.ts'
import { releaseBanks } from './support/banks.ts'
import { Keyboard } from './support/keyboard.ts'
import { pictures } from './support/pictures.ts'

/** 丙组西侧: the limit is 60 %, good again below 58 %. */
const corner = { sensor: 'th-5', label: '丙组西侧' }
const otherCorner = { sensor: 'th-2', label: '甲组东侧' }
const comment = '已到现场，除湿机已开'

const air = (stage: Stage, body: object) => stage.site.control.act('/world/air', body)
const row = (v: Visitor, label: string, state?: AlarmView['state']): Locator =>
  v.page
    .locator(`[data-kind=humidityHigh]${state ? `[data-state=${state}]` : ''}`)
    .filter({ hasText: label })
const badge = (v: Visitor) => v.page.locator('.top .badge')
const gone = (l: Locator) => l.waitFor({ state: 'detached' })

/** A mark in the page's memory: gone if anything made it load again. */
const markPage = (v: Visitor) => v.page.evaluate('window.stillTheSame = true')
const isSamePage = (v: Visitor) => v.page.evaluate('window.stillTheSame === true')

/** Comes into the pages that are open, in words, with the value against its limit. */
async function becomesDamp(stage: Stage, duty: Visitor, overview: Visitor) {
  await air(stage, { sensor: corner.sensor, humidity: 67.4 })
  await row(duty, corner.label, 'unacknowledged').waitFor()
  const words = await row(duty, corner.label).textContent()
  expect(words).toContain('湿度偏高')
  expect(words).toContain('67.4 / 60 %RH')
  expect(words).toContain('未确认')
  await badge(duty).getByText('湿度偏高').waitFor()
  await badge(overview).getByText('Humidity high').waitFor()
  await overview.page.getByRole('link', { name: /Alarms to see to/ }).waitFor()
  await overview.page.getByText(/Humidity \d+–67 %/).waitFor()
}

/** Comes and goes while nobody looks: it stays until somebody has seen it. */
async function comesAndGoesUnseen(stage: Stage, duty: Visitor) {
  await air(stage, { sensor: otherCorner.sensor, humidity: 63 })
  await row(duty, otherCorner.label, 'unacknowledged').waitFor()
  await air(stage, { sensor: otherCorner.sensor, release: true })
  await row(duty, otherCorner.label, 'returnedUnacknowledged').waitFor()
}

/** By keyboard: the row, `C` for the comment, Enter. */
async function acknowledges(duty: Visitor, overview: Visitor) {
  const keys = new Keyboard(duty.page)
  await keys.tabTo(row(duty, corner.label).getByRole('button'))
  await keys.press('Enter')
  await keys.press('c')
  await duty.page.locator('textarea:focus').waitFor()
  await keys.type(comment)
  await keys.press('Enter')
  await row(duty, corner.label, 'acknowledged').waitFor()
  expect(await row(duty, corner.label).textContent()).toMatch(/林档 (今天 )?\d\d:\d\d/)
  await duty.page.locator('q', { hasText: comment }).waitFor()
  // Everybody who has the page open sees by whom; the row is still there, for the air is still damp.
  await overview.page.goto('/alarms')
  await row(overview, corner.label, 'acknowledged').getByText('林档').waitFor()
}

journey('3: a damp corner: the alarm comes, is acknowledged, and goes', async () => {
  await using stage = await Stage.open()
  const duty = await stage.person('archivist')
  const overview = await stage.person('facilities', { locale: 'en' })
  await stage.site.settled()
  await releaseBanks(duty)
  await duty.page.goto('/alarms')
  await duty.page.getByText('没有告警。').waitFor()
  await overview.page.getByText('everything in order').waitFor()
  await markPage(duty)

  await comesAndGoesUnseen(stage, duty)
  await becomesDamp(stage, duty, overview)
  await pictures(duty, 'alarms-zh')
  await pictures(overview, 'overview-en')
  await acknowledges(duty, overview)
  await pictures(overview, 'alarms-en')

  // The air is good again: what was acknowledged goes, what nobody has seen stays.
  await air(stage, { sensor: corner.sensor, release: true })
  await gone(row(duty, corner.label))
  await gone(row(overview, corner.label))
  expect(await row(duty, otherCorner.label, 'returnedUnacknowledged').count()).toBe(1)
  await row(duty, otherCorner.label).getByRole('button').click()
  await duty.page.getByText('已恢复正常。看过记录后确认').waitFor()
  await duty.page.getByRole('button', { name: /^确认/ }).click()
  await gone(row(duty, otherCorner.label))
  await duty.page.getByText('没有告警。').waitFor()
  expect(await isSamePage(duty)).toBe(true)

  // The history keeps who, when and why.
  await duty.page.getByRole('link', { name: '历史' }).click()
  await row(duty, corner.label, 'closed').getByRole('button').click()
  await duty.page.locator('q', { hasText: comment }).waitFor()
  await duty.page.getByText(/林档 于 .*确认/).waitFor()
  await duty.page.goto('/')
  await duty.page.getByText('一切正常').waitFor()
  await pictures(duty, 'overview-zh')
})
