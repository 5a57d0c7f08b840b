/**
 * Journey 4: a fire contact inhibits all motion at the gateway, with the server down as well; it stays latched when
 * the contact is normal again, and leaves only when a named person resets it at the console. No reset moves anything.
 */
import { expect } from 'vitest'
import { journey, Stage, type Visitor } from './harness.ts'
import { allBanks, releaseBanks, viewOf } from './support/banks.ts'
import { pictures } from './support/pictures.ts'
import { askWithoutServer } from './support/stand-in.ts'

const reason = '已到现场检查，消防主机已复位，系误报'
const firePanel = (stage: Stage, alarm: boolean) =>
  stage.site.control.act('/world/contacts', { input: 'fire-panel', alarm })
const fireChip = (v: Visitor, state: string) =>
  v.page.locator(`[data-fire=${state}]`).first().waitFor()
const fireRow = (v: Visitor, state: string) =>
  v.page.locator(`[data-kind=fire][data-state=${state}]`)

interface Steel {
  readonly x: readonly number[]
  readonly verbsAccepted: number
  readonly moving: boolean
}
/** All steel: where it stands, and how many verbs any controller was ever given. */
async function steel(stage: Stage): Promise<Steel[]> {
  const { devices } = await stage.site.control.read<{
    devices: Record<string, { state: { detail: Steel } }>
  }>('/world/state')
  return allBanks.map((bank) => {
    const found = devices[`shelf-${bank.toLowerCase()}`]
    if (!found) throw new Error(`no controller of ${bank}`)
    const { x, verbsAccepted, moving } = found.state.detail
    return { x, verbsAccepted, moving }
  })
}

/** The page says it at once, on every screen, and neither page nor server passes a request on. */
async function burns(stage: Stage, duty: Visitor) {
  await duty.page.goto('/stacks/R1?at=5B-3-4')
  await duty.page.getByText('经 5|6 通道').waitFor()
  await firePanel(stage, true)
  await fireChip(duty, 'alarm')
  await duty.page.getByRole('alert').getByText('火警：密集架运动已禁止').waitFor()
  await duty.page.locator('.top .badge').getByText('火警').waitFor()
  await duty.page.locator('.bank-tag', { hasText: '消防：运动已禁止' }).nth(3).waitFor()
  await duty.page.keyboard.press('o')
  const refused = duty.page.locator('p', { hasText: '现在会被拒绝' })
  await refused.filter({ hasText: '消防：运动已禁止' }).waitFor()
  expect(await duty.page.getByRole('button', { name: '请求打开 5|6' }).isDisabled()).toBe(true)
  await pictures(duty, 'fire-zh')
  const seenRevision = (await viewOf(duty, 'B1'))?.report?.observed?.revision
  const body = { verb: 'open', aisle: 5, seenRevision, confirmedOnSite: true }
  expect(await duty.api('/api/shelving/B1/motion', { method: 'POST', body })).toMatchObject({
    status: 409,
    body: { code: 'inhibited', detail: 'fire' },
  })
}

/** Nothing but the gateway is left. */
async function burnsWithoutServer(stage: Stage, duty: Visitor, local: Visitor) {
  await duty.page.locator('[data-link=lost]').waitFor()
  await duty.page.getByText('已离线，操作已停用').waitFor()
  // What was reported last of a fire stays on the screen until it is denied.
  await fireChip(duty, 'alarm')

  const { page } = local
  await page.goto(stage.site.consoleUrl)
  await page.getByText('服务器没有确认', { exact: false }).waitFor()
  await page.locator('#fire', { hasText: '消防 报警 · 已锁定' }).waitFor()
  await page.locator('.bank', { hasText: '⊘ 火警锁定' }).nth(3).waitFor()
  expect(await page.getByText('不接受移动请求').count()).toBe(allBanks.length)
  expect(await page.getByRole('button', { name: '火警复位 R1' }).isDisabled()).toBe(true)

  // A request that is right in all else, signed with the server's own key.
  expect(await askWithoutServer(stage.site, { bank: 'B1', aisle: 5 })).toMatchObject({
    state: 'refused',
    reason: 'inhibited: fire',
  })
  await page.locator('#commands', { hasText: '已拒绝：火警锁定' }).waitFor()
}

async function signInAtConsole(local: Visitor, account: string) {
  const { page } = local
  await page.locator('input[name=account]').first().fill(account)
  await page.locator('#sign-in-form input[name=password]').fill(local.passwordOf(account))
  await page.locator('#sign-in-form button[type=submit]').click()
  await page.getByRole('button', { name: '退出' }).waitFor()
}

/** Opens the dialog at the console and answers it. */
async function asksToReset(local: Visitor) {
  const { page } = local
  await page.getByRole('button', { name: '火警复位 R1' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('原因').fill(reason)
  await dialog.getByLabel('已在现场确认').check()
  await dialog.getByRole('button', { name: '火警复位' }).click()
  return dialog
}

/** The roster is at the gateway: people can act without the server, but nobody can end a fire that goes on. */
async function actsWithoutServer(stage: Stage, local: Visitor) {
  const { page } = local
  await signInAtConsole(local, 'facilities')
  const tooEarly = await asksToReset(local)
  await tooEarly.getByText('已拒绝：消防信号仍在报警').waitFor()
  await tooEarly.getByRole('button', { name: '取消' }).click()
  await firePanel(stage, false)
  await page.locator('#fire', { hasText: '消防 正常 · 已锁定' }).waitFor()

  // The latch is on the gateway's disk: its death does not end it either.
  await stage.site.kill('gateway')
  await page.locator('.bank', { hasText: '⊘ 启动抑制' }).nth(3).waitFor()
  await page.locator('#fire', { hasText: '消防 正常 · 已锁定' }).waitFor()
  expect(await askWithoutServer(stage.site, { bank: 'B1', aisle: 5 })).toMatchObject({
    state: 'refused',
    reason: expect.stringMatching(/^inhibited: (boot|fire)$/),
  })
  await local.picture('console-fire-zh')
}

/** The page comes back by itself: latched, though the contact is normal. Acknowledging it is not its end. */
async function comesBackLatched(duty: Visitor) {
  await duty.page.locator('[data-link=up]').waitFor()
  await fireChip(duty, 'latched')
  await duty.page.getByRole('alert').getByText('火警已锁存').waitFor()
  await duty.page.goto('/alarms')
  await fireRow(duty, 'latched').waitFor()
  await fireRow(duty, 'latched').getByRole('button').click()
  await duty.page.getByText('锁存：须现场复位').waitFor()
  await duty.page.getByRole('button', { name: /^确认/ }).click()
  await fireRow(duty, 'latched').getByText('林档').waitFor()
  await fireChip(duty, 'latched')
  await pictures(duty, 'fire-latched-zh')
}

/** Only a role that may, only with a reason, only having looked. */
async function reset(local: Visitor) {
  const { page } = local
  await signInAtConsole(local, 'desk')
  await (await asksToReset(local)).getByText('没有此项权限').waitFor()
  await page.getByRole('button', { name: '取消' }).click()
  await page.getByRole('button', { name: '退出' }).click()
  await signInAtConsole(local, 'facilities')
  await asksToReset(local)
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.locator('#fire', { hasText: /^消防 正常$/ }).waitFor()
}

async function isOver(stage: Stage, duty: Visitor) {
  await fireChip(duty, 'normal')
  await duty.page.getByText('火警已锁存').waitFor({ state: 'detached' })
  await fireRow(duty, 'latched').waitFor({ state: 'detached' })
  await duty.page.getByRole('link', { name: '历史' }).click()
  await fireRow(duty, 'closed').getByRole('button').click()
  await duty.page.getByText(new RegExp(`吴维 于 .*现场复位：${reason}`)).waitFor()
  await stage.site.settled()
  // The gateway was killed on the way: somebody looks again, and then the steel may be asked again.
  await releaseBanks(duty)
  await duty.page.goto('/stacks/R1?at=5B-3-4')
  await duty.page.getByText('经 5|6 通道').waitFor()
  await duty.page.keyboard.press('o')
  await duty.page.getByText('联锁均已满足，网关现在会放行').waitFor()
}

journey(
  '4: fire inhibits motion at the gateway, without the server too, until it is reset',
  async () => {
    await using stage = await Stage.open()
    const duty = await stage.person('archivist')
    const local = await stage.visitor()
    await stage.site.settled()
    await releaseBanks(duty)
    const before = await steel(stage)

    await burns(stage, duty)
    {
      using _serverIsDown = await stage.site.holdDown('server')
      await burnsWithoutServer(stage, duty, local)
      await actsWithoutServer(stage, local)
    }
    await comesBackLatched(duty)
    expect(await steel(stage)).toEqual(before)
    await reset(local)
    await isOver(stage, duty)
    expect(await steel(stage)).toEqual(before)
  },
)
