import type { DeviceEntry } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { choosePort } from '../postgres/ports.ts'
import { until } from '../testing.ts'
import { type ConsolePage, ConsoleStand, type Placed } from './console-stand.ts'

const mjj: Placed = { name: 'shelving-mjj' }
const contacts: Placed = { name: 'modbus-contacts' }
/** The first loop opens: fire. */
const burning = { type: 'contacts', closed: Array.from({ length: 8 }, (_, i) => i !== 0) } as const
const quick = { type: 'bank', event: { event: 'speed', factor: 8 } } as const

async function atTheShelf(bank: Placed) {
  const stand = await ConsoleStand.open([bank, contacts])
  await stand.devices.get(bank.name)?.send(quick)
  await until(async () =>
    (await stand.state()).banks.every((b) =>
      b.interlocks.every((i) => i.state === 'clear' || i.state === 'notProvided'),
    ),
  )
  return stand
}
const card = ({ page }: ConsolePage) => page.locator('#commissioning .commission')

/** Two persons sign for the inputs that a controller cannot give, and the restart is released. */
async function acceptAndRelease(li: ConsolePage, without = '急停、光幕') {
  const { page } = li
  await page.locator('#accept-B1').click()
  expect(await li.focused()).toBe('INPUT account')
  await li.second('wang')
  await li.send()
  await card(li)
    .getByText(new RegExp(`李强、王芳 .* 签字接受没有：${without}`))
    .waitFor()
  await page.getByRole('button', { name: '解除启动抑制' }).click()
  await page.locator('#ask [name=reason]').fill('巡库后解除')
  await li.send()
  await page.getByRole('button', { name: '解除启动抑制' }).waitFor({ state: 'detached' })
}

/** Asks for an aisle and waits until the gateway asks what was seen. */
async function tryAisle(li: ConsolePage, aisle: string) {
  const { page } = li
  await page.locator('#trial-B1').click()
  expect(await li.focused()).toBe('SELECT choice')
  await page.locator('#ask-choice').selectOption(aisle)
  await page.locator('#ask [name=confirmed]').check()
  await li.send()
  await page.locator('#saw-B1').waitFor()
}
async function sayOpened(li: ConsolePage, aisle: string) {
  await li.page.locator('#saw-B1').click()
  await li.page.locator('#ask-choice').selectOption(aisle)
  await li.page.locator('#ask [name=confirmed]').check()
  await li.send()
}

test('S1: a Modbus bank whose controller gives no door may move only when two persons have accepted that', async () => {
  const withoutDoor = { entry: (e: DeviceEntry) => ({ ...e, notProvided: ['door'] }) }
  await using stand = await atTheShelf({ name: 'shelving-modbus', ...withoutDoor })
  const permit = async () => (await stand.state()).banks.map((b) => b.permit)
  const kinds = async () =>
    (await stand.state()).banks.flatMap((b) => b.inhibitions.map((i) => i.kind))
  expect(await permit()).toEqual([false])
  expect(await kinds()).toContain('commissioning')
  const li = await stand.visit('zh')
  await li.signIn('li')
  await acceptAndRelease(li, '门')
  await until(async () => (await permit())[0] === true)
  expect(await kinds()).toEqual([])
})

test('S1 S11: at the console, in a browser, an MJJ bank is commissioned: two sign, one watches, the bank may move', async () => {
  await using stand = await atTheShelf(mjj)
  const li = await stand.visit('zh')
  await card(li).getByText('尚未完成现场调试').waitFor()
  expect(await li.page.locator('#accept-B1').isDisabled()).toBe(true)
  await li.signIn('li')
  await acceptAndRelease(li)

  await li.page.locator('#trial-B1').click()
  await li.page.locator('#ask-choice').selectOption('3')
  await li.page.locator('#ask-go').click()
  await li.page.locator('#ask-error').getByText('请先在现场确认').waitFor()
  await li.page.locator('#ask-cancel').click()
  expect(stand.detail(mjj.name, 'orders')).toEqual([])

  await tryAisle(li, '3')
  await until(() => stand.detail(mjj.name, 'openAisle') === 3)
  await card(li).getByText('控制器报告：通道 3 到位').waitFor()
  await sayOpened(li, '3')
  await card(li).getByText('已完成现场调试').waitFor()
  await card(li)
    .getByText(/现场证明：“左”是靠固定列的一侧（李强/)
    .waitFor()
  await li.page.locator('#banks').getByText('可请求移动').waitFor()
  expect(stand.detail(mjj.name, 'orders')).toEqual(['open 3'])
  expect(li.faults).toEqual([])
})

test('S11: a side that is set wrong is found by the trial, said in words, and the bank stays shut', async () => {
  await using stand = await atTheShelf({
    ...mjj,
    entry: (e) => ({ ...e, leftIs: 'higher' }),
  })
  const li = await stand.visit('zh')
  await li.signIn('li')
  await acceptAndRelease(li)
  await tryAisle(li, '3')
  await until(() => stand.detail(mjj.name, 'openAisle') === 2)
  await sayOpened(li, '2')
  await card(li).getByText('与设置不符').waitFor()
  await card(li).getByText('尚未完成现场调试').waitFor()
  await li.page.locator('#banks').getByText('不接受移动请求').waitFor()
  expect(li.faults).toEqual([])
})

test.each([
  ['zh', 'light'],
  ['en', 'dark'],
] as const)(
  'the console shuts nobody out: %s, %s, with a dialog and without',
  async (language, colours) => {
    await using stand = await atTheShelf(mjj)
    const person = await stand.visit(language, colours)
    await person.signIn('li')
    await card(person).waitFor()
    expect(await person.serious()).toEqual([])
    await person.page.locator('#accept-B1').click()
    expect(await person.serious()).toEqual([])
    expect(person.faults).toEqual([])
  },
)

test('S12: an alarm is heard at the console with nobody signed in and the server away; silencing hides nothing', async () => {
  await using stand = await ConsoleStand.open([contacts])
  const { page, faults } = await stand.visit('zh')
  const tones = () => page.evaluate<number>('window.tones')
  // First: what a test evaluates counts as a person's touch.
  await page.locator('#sound', { hasText: '请点一下页面' }).waitFor()
  await page.evaluate(`(() => {
    window.tones = 0
    const { start } = OscillatorNode.prototype
    OscillatorNode.prototype.start = function (at) { window.tones++; start.call(this, at) }
  })()`)
  await page.locator('#title').click()
  await page.locator('#sound', { hasText: /^$/ }).waitFor({ state: 'attached' })
  await stand.devices.get(contacts.name)?.send(burning)
  await page.locator('#silence').waitFor()
  await until(async () => (await tones()) > 0)
  await page.locator('#silence').click()
  await page.locator('#silence').waitFor({ state: 'hidden' })
  await page.locator('#sound', { hasText: '本页已静音' }).waitFor()
  await page.locator('#alarms .p1').first().waitFor()
  expect(faults).toEqual([])
})

test('a certificate waits at the console until an officer has compared and approved it, with a reason', async () => {
  await using stand = await ConsoleStand.open([{ name: 'autoid-reader' }])
  const person = await stand.visit('zh')
  const waiting = person.page.locator('#certificates .certificate', { hasText: '读写器' })
  await waiting.getByText('SHA-256').waitFor()
  await person.signIn('li')
  await waiting.getByText('须由系统管理员或安全管理员批准').waitFor()
  expect(await waiting.getByRole('button').isDisabled()).toBe(true)
  await person.page.locator('#sign-out').click()
  await person.signIn('zhou')
  await waiting.getByRole('button').click()
  expect(await person.focused()).toBe('INPUT reason')
  await person.page.locator('#ask [name=reason]').fill('与设备屏幕逐组核对')
  await person.send()
  await waiting.waitFor({ state: 'detached' })
  expect(person.faults).toEqual([])
})

/** The board before which the cart of `npm run sim` goes to and fro, as somebody measured it. */
const plan = {
  face: '1A',
  antennas: [1, 2, 3, 4].map((antenna) => ({ antenna, offsetMm: [0, 760 + 75 * antenna, 0] })),
  shelves: [{ shelf: '1A-1-3', heightMm: 950, depthMm: null, fromMm: 0, toMm: 600 }],
  expected: [40, 50, 30, 50].map((thicknessMm, i) => ({
    ...{ epc: `34000000000000000000010${i}`, shelf: '1A-1-3', rank: i + 1, thicknessMm },
  })),
  references: [],
}

async function beginWalk({ page }: ConsolePage) {
  const buffer = Buffer.from(JSON.stringify(plan))
  const file = { name: '1A.json', mimeType: 'application/json', buffer }
  await page.locator('#walk-form [name=scene]').setInputFiles(file)
  // Nobody walks with a cart that is not there yet.
  await page.locator('#walk-devices', { hasText: /^[^▲]+$/ }).waitFor()
  await page.locator('#walk-form button').click()
  await page
    .locator('#walk-finish')
    .waitFor()
    .catch(async (cause: unknown) => {
      const [said, devices] = await Promise.all(
        ['#walk-error', '#walk-devices'].map((id) => page.locator(id).textContent()),
      )
      throw new Error(`no walk began: ${said} | ${devices}`, { cause })
    })
}
const cart: Placed[] = [{ name: 'cart-reader' }, { name: 'cart-odometer' }]

test.each([
  ['zh', 'light'],
  ['en', 'dark'],
] as const)(
  'a walk is counted at the console and shown to everybody: %s, %s',
  async (language, colours) => {
    await using stand = await ConsoleStand.open(cart)
    const person = await stand.visit(language, colours)
    const { page } = person
    await page.locator('#walk-form').waitFor({ state: 'hidden' })
    await person.signIn('wang')
    await page.locator('#walk-form [name=scene]').setInputFiles({
      ...{ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{') },
    })
    await page.locator('#walk-form button').click()
    await page.locator('#walk-error', { hasText: /./ }).waitFor()
    await beginWalk(person)
    expect(await person.serious()).toEqual([])
    await page.locator('#walk-running', { hasText: /(已走|walked) [1-9]/ }).waitFor()
    await page.locator('#walk-finish').click()
    await page.locator('#walk-result .shelf').waitFor()
    // Five boxes stand there, and four are in the plan.
    await page.locator('#walk-result .box.foreign').first().waitFor()
    expect(await person.serious()).toEqual([])
    await page.locator('#sign-out').click()
    await page.locator('#walk-result .shelf').waitFor({ state: 'detached' })
    expect(person.faults).toEqual([])
  },
)

test('a reader and an odometer that lose their power on a walk are gaps, and the console says which', async () => {
  // Where they come back is where they were.
  const ports = new Map(
    await Promise.all(cart.map(async (c) => [c.name, await choosePort()] as const)),
  )
  const placed = cart.map(
    (c): Placed => ({ ...c, spec: (s) => ({ ...s, port: ports.get(c.name) ?? 0 }) as typeof s }),
  )
  await using stand = await ConsoleStand.open(placed)
  const person = await stand.visit('zh')
  await person.signIn('wang')
  await beginWalk(person)
  const running = person.page.locator('#walk-running')
  await stand.devices.get('cart-reader')?.kill(500)
  await running.getByText('读写器中断或丢失读取').waitFor()
  await stand.devices.get('cart-odometer')?.kill(3000)
  await running.getByText('里程计重新开始计数').waitFor()
  await running.getByText('里程计中断').waitFor()
  await person.page.locator('#walk-cancel').click()
  await running.getByText('正在盘点').waitFor({ state: 'detached' })
  expect(person.faults).toEqual([])
})
