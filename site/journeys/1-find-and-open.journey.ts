/**
 * Journey 1: find a box by code, title, pinyin initials and a person's number, from the keyboard only; see the way;
 * open the aisle and watch the columns as the controller reports them; a broken light curtain refuses and says so.
 */
import type { BankView } from '@lantai/contracts'
import { expect } from 'vitest'
import { until } from '../src/testing.ts'
import { journey, Stage, type Visitor } from './harness.ts'
import { releaseBanks, viewOf } from './support/banks.ts'
import { Keyboard } from './support/keyboard.ts'
import { keepForDocs, pictures } from './support/pictures.ts'
import { Recording, startRecording } from './support/recording.ts'
import { Truth } from './support/truth.ts'

const bank = 'B1'
/** Faces 4B and 5A stand at this aisle; bank B1 starts with aisle 1|2 open. */
const aisle = 4
const otherAisle = 9
/** Column 4 goes from 3,700 mm to 2,700 mm. */
const halfWayMm = 3200
/** Of the width of the bank. */
const aPixel = 0.005

interface Person extends Visitor {
  readonly keys: Keyboard
}
const atKeyboard = (visitor: Visitor): Person =>
  Object.assign(visitor, { keys: new Keyboard(visitor.page) })

const row = (v: Visitor, text: string) => v.page.getByRole('option').filter({ hasText: text })
const wayCode = (v: Visitor, code: string) =>
  v.page.locator('.way__code', { hasText: code }).waitFor()
const refusedNow = (v: Visitor, why: string) =>
  v.page.locator('p', { hasText: '现在会被拒绝' }).filter({ hasText: why }).waitFor()
const digits = (v: Visitor) => v.page.locator('.way__digits b').allTextContents()
const send = (stage: Stage, event: string, more: object = {}) =>
  stage.site.control.act('/world/shelving', { bank, event, ...more })

interface Steel {
  readonly moving: boolean
  readonly openAisle: number | null
  readonly x: readonly number[]
  readonly verbsAccepted: number
}
/** What the controller of the bank really has and did. */
async function steel(stage: Stage): Promise<Steel> {
  const state = await stage.site.control.read<{
    devices: Record<string, { state: { detail: Steel } }>
  }>('/world/state')
  const found = state.devices[`shelf-${bank.toLowerCase()}`]
  if (!found) throw new Error(`no controller of ${bank}`)
  return found.state.detail
}

/** The page counts to a thousand and says so. */
const counted = (n: number) => (n > 1000 ? '1,000+' : n.toLocaleString('en-US'))

async function byTwoCharacters(p: Person, truth: Truth) {
  const file = await truth.fileWithTitle('妇幼')
  await p.keys.searchFor('妇幼')
  await p.page.getByText(`${counted(file.total)} 条`).waitFor()
  await p.page.getByText('按题名查找').waitFor()
  await p.keys.pick(row(p, file.ref_code))
  await wayCode(p, file.code)
}

async function byInitials(p: Person, truth: Truth) {
  const file = await truth.fileWithOwnInitials(8)
  await p.keys.searchFor(file.begins)
  await p.page.getByText('按拼音首字母查找').waitFor()
  await p.keys.pick(row(p, file.title))
  await wayCode(p, file.code)
}

/** 一户式查询: every file of that person, whatever its category, and from there to a box. */
async function byNumber(p: Person, truth: Truth) {
  const person = await truth.busiestPerson()
  expect(person.categories).toBeGreaterThan(3)
  await p.keys.searchFor(person.number)
  await p.page.getByText('按证件号或单位代码查找').waitFor()
  await p.keys.pick(row(p, person.name))
  await p.page.getByRole('heading', { name: `一户式查询 · ${person.name}` }).waitFor()
  const { files, categories, boxes } = person
  await p.page.getByText(`${files} 件 · ${categories} 个类别 · ${boxes} 盒`).waitFor()
  const entries = p.page.locator('.household__file')
  const words = await entries.allTextContents()
  for (const code of await truth.refCodesOf(person.number))
    expect(words.filter((w) => w.includes(code))).toHaveLength(1)
  expect(words).toHaveLength(files)
  // A number is personal data: it is not in the address bar, and on the screen only in part.
  expect(p.page.url()).not.toContain(person.number)
  expect(await p.page.locator('main').textContent()).not.toContain(person.number)
  await p.keys.tabTo(entries.nth(2))
  const box = await entries.nth(2).locator('.household__box').textContent()
  await p.keys.press('Enter')
  await wayCode(p, /LT[0-9A-Z]{8}$/.exec(box ?? '')?.[0] ?? 'a box code')
  await p.keys.press('Escape')
  await p.page.getByRole('heading', { name: /列 · [AB] 面/ }).waitFor()
}

async function byCode(p: Person, truth: Truth) {
  const box = await truth.boxOn(aisle, 'B')
  await p.keys.searchFor(box.code)
  await p.page.getByText(`回车：直接打开 ${box.code}`).waitFor()
  await p.keys.press('Enter')
  await wayCode(p, box.code)
  const { section, shelf, slot } = box
  expect(await digits(p)).toEqual([`${aisle}`, 'B', `${section}`, `${shelf}`, `${slot}`])
  const sentence = `${aisle} 列，B 面，${section} 节，${shelf} 层，左起第 ${slot} 盒。经 4|5 通道，从南侧进`
  await p.page.getByText(sentence).waitFor()
  return box.code
}

/** After its start the gateway refuses every motion until a named person has looked (rule S3). */
async function releaseAfterBoot(p: Person, stage: Stage) {
  await p.keys.press('o')
  await refusedNow(p, '待解除启动抑制')
  await p.keys.press('Escape')
  await p.keys.tabTo(p.page.getByRole('button', { name: '甲组：控制与联锁' }))
  await p.keys.press('Enter')
  await p.keys.tabTo(p.page.getByRole('button', { name: '解除启动抑制' }))
  await p.keys.press('Enter')
  await p.page.getByLabel('理由').waitFor()
  await p.keys.type('巡库完毕')
  await p.keys.press('Enter')
  await p.page.getByText('没有抑制或禁止').waitFor()
  await p.page.getByText('解除启动抑制 · 已完成').first().waitFor()
  await p.keys.press('Escape')
  expect(await steel(stage)).toMatchObject({ moving: false, openAisle: 1, verbsAccepted: 0 })
}

/** `O` opens the panel; a scanner's Enter presses nothing; only the tick and the button ask. */
async function ask(p: Person, name: string) {
  await p.keys.press('o')
  await p.page.getByRole('heading', { name: `请求打开通道 ${name}` }).waitFor()
  await p.page.getByText('联锁均已满足，网关现在会放行').waitFor()
  await p.keys.press('Enter')
  await p.keys.tabTo(p.page.getByRole('checkbox'))
  await p.keys.press('Enter')
  await p.page.getByText('请先现场确认').waitFor()
  await p.keys.press('Space')
  await p.keys.tabTo(p.page.getByRole('button', { name: `请求打开 ${name}` }))
}

const lastStep = '控制器报告：已到位'
const stepsInOrder = ['已请求', '控制器已接受', '运动中', lastStep]
const openIn = (v: BankView) =>
  v.report?.observed?.openAisle === aisle && v.report.observed.motion === 'still'
const placesOf = (v: BankView) =>
  JSON.stringify(v.report?.observed?.columns.map((c) => c.xMm ?? null))

/** The page never said more than it had heard, and moved no column before the controller did (rule S6). */
function judgeDiary(diary: Recording) {
  const steps = diary.shown('step').filter((s): s is string => typeof s === 'string')
  expect(steps).toEqual(stepsInOrder.filter((s) => steps.includes(s)))
  expect(steps).toEqual(expect.arrayContaining(['运动中', lastStep]))

  const confirmed = diary.firstReported(bank, openIn)
  expect(confirmed).toBeGreaterThan(-1)
  expect(diary.firstShown('step', (s) => s === lastStep)).toBeGreaterThan(confirmed)
  expect(diary.firstShown('banks', (s) => s.includes('通道 4|5 已打开'))).toBeGreaterThan(confirmed)
  const moving = diary.firstReported(bank, (v) => v.report?.observed?.motion === 'moving')
  expect(diary.firstShown('banks', (s) => s.includes('甲组 运动中'))).toBeGreaterThan(moving)
  expect(diary.firstShown('step', (s) => s === '运动中')).toBeGreaterThan(-1)

  const reported = new Set(diary.reports(bank).map(placesOf))
  expect(reported.size).toBeGreaterThan(4)
  // The number of the sought column walks with its column, one way, in more than a few places.
  const walked = diary.shown('targetShare').filter((x): x is number => typeof x === 'number')
  expect(new Set(walked).size).toBeGreaterThan(4)
  for (const [i, at] of walked.entries()) expect(at).toBeLessThan((walked[i - 1] ?? at) + aPixel)
}

async function openAndWatch(p: Person, stage: Stage, english: Visitor, code: string) {
  await english.page.goto(`/stacks/R1?box=${code}`)
  await wayCode(english, code)
  await send(stage, 'speed', { factor: 1 })
  await ask(p, '4|5')
  expect((await steel(stage)).verbsAccepted).toBe(0)
  const before = (await Recording.of(p)).entries.length
  await p.keys.press('Enter')
  await p.page.locator('.steps [aria-current=step]', { hasText: '运动中' }).waitFor()
  await until(async () => ((await steel(stage)).x[aisle - 1] ?? 0) < halfWayMm)
  // Slow steel, so that all pictures are of the same move.
  await send(stage, 'speed', { factor: 0.1 })
  await pictures(p, 'stack-moving-zh')
  await pictures(english, 'stack-moving-en')
  await send(stage, 'speed', { factor: 4 })
  await p.page.locator('.steps [aria-current=step]', { hasText: lastStep }).waitFor()
  await p.page.getByText('通道 4|5 已打开').first().waitFor()
  expect(await steel(stage)).toMatchObject({ moving: false, openAisle: aisle, verbsAccepted: 1 })
  judgeDiary(await Recording.of(p, before))
}

async function obstructed(p: Person, stage: Stage) {
  await p.keys.searchFor('9B-3-4')
  await p.page.getByText('回车：直接打开 9B-3-4').waitFor()
  await p.keys.press('Enter')
  await p.page.getByText('经 9|10 通道').waitFor()
  await send(stage, 'obstruct')
  await p.page.getByText('光幕被遮挡').first().waitFor()
  await p.keys.press('o')
  await refusedNow(p, '光幕被遮挡')
  await p.page.getByText('光幕被遮挡，不能请求').waitFor()
  expect(await p.page.getByRole('button', { name: '请求打开 9|10' }).isDisabled()).toBe(true)
  await p.picture('stack-obstructed-zh')

  // Whoever goes past the page is refused by the rule itself, with the input named.
  expect(await requestPastThePage(p)).toMatchObject({
    status: 409,
    body: { code: 'interlock', detail: 'obstacle active' },
  })
  expect(await steel(stage)).toMatchObject({ moving: false, openAisle: aisle, verbsAccepted: 1 })

  // The curtain is free again: the refusal goes by itself, and nothing has moved.
  await send(stage, 'clear')
  await p.page.getByText('联锁均已满足，网关现在会放行').waitFor()
  expect((await steel(stage)).verbsAccepted).toBe(1)
  await p.keys.press('Escape')
}

async function requestPastThePage(p: Person) {
  const seenRevision = (await viewOf(p, bank))?.report?.observed?.revision
  const asked = { verb: 'open', aisle: otherAisle, seenRevision, confirmedOnSite: true }
  return p.api(`/api/shelving/${bank}/motion`, { method: 'POST', body: asked })
}

/** Somebody reaches into the moving aisle: it stops on the way, says why, and never goes on by itself. */
async function brokenOnTheWay(p: Person, stage: Stage) {
  await send(stage, 'speed', { factor: 0.3 })
  await ask(p, '9|10')
  const before = (await Recording.of(p)).entries.length
  await p.keys.press('Enter')
  await p.page.locator('.steps [aria-current=step]', { hasText: '运动中' }).waitFor()
  await send(stage, 'obstruct')
  await p.page.getByText('未完成：中途停下，光幕被遮挡').waitFor()
  await send(stage, 'clear')
  await p.page.getByText('再次请求').waitFor()
  const diary = await Recording.of(p, before)
  expect(diary.shown('step')).not.toContain(lastStep)
  expect(diary.shown('banks').filter((s) => String(s).includes('9|10'))).toEqual([])
  const after = await steel(stage)
  expect(after).toMatchObject({ moving: false, verbsAccepted: 2 })
  expect(after.openAisle).not.toBe(otherAisle)
  await stage.site.settled()
  expect((await steel(stage)).x).toEqual(after.x)
}

journey('1: find a box, see the way, open the aisle, and be refused', async () => {
  await using stage = await Stage.open()
  await using truth = await Truth.of(stage.site)
  const person = atKeyboard(await stage.visitor())
  await startRecording(person)
  await person.page.goto('/')
  await person.signIn('archivist')
  await person.page.getByRole('heading', { level: 1 }).waitFor()
  const english = await stage.person('archivist2', { locale: 'en' })

  await byTwoCharacters(person, truth)
  await byInitials(person, truth)
  await byNumber(person, truth)
  const code = await byCode(person, truth)
  await releaseAfterBoot(person, stage)
  await releaseBanks(person, ['B2', 'B3', 'B4'])
  await person.page.getByText('待解除启动抑制').first().waitFor({ state: 'detached' })
  await openAndWatch(person, stage, english, code)
  await person.keys.press('Escape')
  await pictures(person, 'stack-zh')
  await pictures(english, 'stack-en')
  keepForDocs('stack-zh-light-1920', 'stack-zh-light')
  await obstructed(person, stage)
  await brokenOnTheWay(person, stage)
})
