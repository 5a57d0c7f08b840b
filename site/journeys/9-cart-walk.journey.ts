/**
 * Journey 9: somebody walks the cart along a face, the server away: two boxes were put back on each other's shelf, one
 * stands there that belongs elsewhere, one has a dead tag, and before one shelf stands a trolley of steel. The console tells each of them,
 * and says of nothing that it is missing.
 */
import type { WalkResultView } from '@lantai/gateway'
import { expect } from 'vitest'
import { repositoryRoot } from '../src/supervise/node-process.ts'
import { journey, Stage, type Visitor } from './harness.ts'
import { StoreFacts } from './store-facts.ts'
import { boxesOfFace, type FaceBox, planOf, putBox, standCart, walkCart } from './support/cart.ts'

const face = '29A'
const speedMmPerS = 200

/** Which reads come depends on the moment, and with them what is told: these were told right in each of 150 walks. */
const troubles = {
  swapped: ['29A-1-4-2', '29A-4-4-4'],
  foreign: '29A-2-4-8',
  dead: '29A-1-3-7',
  hidden: '29A-1-5',
} as const

interface Planted {
  readonly swapped: readonly [FaceBox, FaceBox]
  readonly foreign: FaceBox
  /** The shelf on which it stands. */
  readonly foreignOn: string
  readonly dead: FaceBox
  /** All that stands behind the trolley. */
  readonly hidden: readonly FaceBox[]
}

const slotOf = (b: FaceBox) => `${b.shelf}-${b.slot}`

function boxOf(boxes: readonly FaceBox[], slot: string): FaceBox {
  const found = boxes.find((b) => slotOf(b) === slot)
  if (!found) throw new Error(`no box in ${slot}: the face is not as it was`)
  return found
}

/** Each trouble on a shelf of its own; the rest is as it should be. */
async function plant(stage: Stage, facts: StoreFacts, boxes: readonly FaceBox[]): Promise<Planted> {
  const [left, right] = troubles.swapped.map((slot) => boxOf(boxes, slot))
  const [foreign] = await boxesOfFace(facts, 2, 'A')
  const hidden = boxes.filter((b) => b.shelf === troubles.hidden)
  if (!left || !right || !foreign || hidden.length === 0)
    throw new Error('the face is not as it was')
  await putBox(stage, left, slotOf(right))
  await putBox(stage, right, slotOf(left))
  await putBox(stage, foreign, troubles.foreign)
  const foreignOn = boxOf(boxes, troubles.foreign).shelf
  const dead = boxOf(boxes, troubles.dead)
  return { swapped: [left, right], foreign, foreignOn, dead, hidden }
}

async function signInAtConsole({ page }: Visitor, account: string, password: string) {
  await page.locator('#sign-in-form input[name=account]').fill(account)
  await page.locator('#sign-in-form input[name=password]').fill(password)
  await page.locator('#sign-in-form button[type=submit]').click()
  await page.getByRole('button', { name: '退出' }).waitFor()
}

async function begin({ page }: Visitor, plan: object, standsAtMm: number) {
  const buffer = Buffer.from(JSON.stringify(plan))
  const file = { name: `${face}.json`, mimeType: 'application/json', buffer }
  await page.locator('#walk-form input[name=scene]').setInputFiles(file)
  await page.locator('#walk-form input[name=startXMm]').fill(String(standsAtMm))
  // Nobody walks with a cart that is not there yet.
  await page.locator('#walk-devices', { hasText: /^[^▲]+$/ }).waitFor()
  await page.getByRole('button', { name: '开始盘点' }).click()
  await page.getByText(`正在盘点 ${face}`).waitFor()
}

const resultOf = ({ page }: Visitor) =>
  page.evaluate(async () => (await fetch('/local/walks/result')).json()) as Promise<WalkResultView>

/** What the gateway says of each box, by EPC, with the shelf under which it is shown. */
function toldOf({ shown }: WalkResultView) {
  const shelves = shown.shelves.flatMap(({ shelf, boxes }) => boxes.map((b) => ({ ...b, shelf })))
  const elsewhere = shown.elsewhere.map((b) => ({ ...b, shelf: null }))
  const told = new Map([...shelves, ...elsewhere].map((b) => [b.epc, b]))
  return (box: FaceBox) => told.get(box.epc)
}

function judge(result: WalkResultView, planted: Planted, boxes: readonly FaceBox[]) {
  const told = toldOf(result)
  const [left, right] = planted.swapped
  expect(told(left)).toMatchObject({ class: 'misplaced', shelf: right.shelf })
  expect(told(right)).toMatchObject({ class: 'misplaced', shelf: left.shelf })
  const foreign = { class: 'foreign', home: null, shelf: planted.foreignOn }
  expect(told(planted.foreign)).toMatchObject(foreign)
  expect(told(planted.dead)).toMatchObject({ class: 'unread', uncovered: null, reads: 0 })
  for (const box of planted.hidden)
    expect(told(box), box.code).toMatchObject({ class: 'uncovered', reads: 0 })
  // Every box of the catalogue is told of, once, and no word is said of absence.
  expect(boxes.filter((b) => !told(b))).toEqual([])
  const said = new Set(boxes.map((b) => told(b)?.class))
  expect([...said].sort()).toEqual(['found', 'misplaced', 'uncovered', 'unread'])
  const well = boxes.filter((b) => told(b)?.class === 'found').length
  expect(well).toBeGreaterThan(0.8 * (boxes.length - planted.hidden.length - 3))
}

/** The whole section, which is longer than a screen. */
const pictureOf = ({ page }: Visitor, name: string) =>
  page.locator('#walk-section').screenshot({ path: `${repositoryRoot}artifacts/${name}.png` })

async function showsIt({ page }: Visitor, planted: Planted) {
  for (const box of planted.swapped)
    await page.locator('.lines.misplaced', { hasText: `${box.code} 应在 ${box.shelf}` }).waitFor()
  const foreign = page.locator('.lines.foreign', { hasText: planted.foreign.epc })
  await foreign.waitFor()
  await page.locator('.lines.unread', { hasText: planted.dead.code }).waitFor()
  const hidden = page.locator(`.shelf[data-shelf='${planted.hidden[0]?.shelf}']`)
  await hidden.getByText('整层未覆盖：层架标签没有读到').waitFor()
  expect(await hidden.locator('.box.uncovered').count()).toBe(planted.hidden.length)
  await page.getByText('未读到不等于缺失').waitFor()
  expect(await page.locator('#walk-result .box', { hasText: '缺失' }).count()).toBe(0)
}

journey(
  '9: the cart is walked along a face, the server away, and each trouble is told as what it is',
  async () => {
    await using stage = await Stage.open()
    await using facts = new StoreFacts(stage.site)
    await stage.site.settled()
    const boxes = await boxesOfFace(facts, 29, 'A')
    const planted = await plant(stage, facts, boxes)
    const { survey, standsAtMm } = await standCart(stage, {
      face,
      dead: [planted.dead.code],
      obstructed: [planted.hidden[0]?.shelf ?? ''],
    })
    const counter = await stage.visitor({ width: 1280, height: 800 })
    const { page } = counter
    await page.goto(stage.site.consoleUrl)
    await signInAtConsole(counter, 'archivist', counter.passwordOf('archivist'))
    using _serverIsDown = await stage.site.holdDown('server')
    await begin(counter, planOf(face, boxes, survey), standsAtMm)
    await walkCart(stage, speedMmPerS)
    await counter.picture('console-walk-zh')
    await page.locator('#walk-finish').click()
    await page.locator('#walk-result h3', { hasText: `${face} 盘点结果` }).waitFor()
    judge(await resultOf(counter), planted, boxes)
    await showsIt(counter, planted)
    await pictureOf(counter, 'console-walk-result-zh')
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByText('Unread is not missing').waitFor()
    await pictureOf(counter, 'console-walk-result-en')
  },
)
