/**
 * Journey 2: a box is lent at the desk, passes the door silently, comes back and is shown where it goes; a box
 * carried through the door without a loan raises an alarm in the open page.
 */
import { openCheckpoint, verifyEntry } from '@lantai/server'
import { expect } from 'vitest'
import { until } from '../src/testing.ts'
import { journey, Stage, type Visitor } from './harness.ts'
import { scan } from './scanner.ts'
import { StoreFacts } from './store-facts.ts'

const levels = { open: 0, internal: 1 } as const

/** What the desk begins with, as the demo store has it. */
async function cast(facts: StoreFacts) {
  const boxes = await facts.boxesAtHome(levels.internal, 4)
  const [typed, scanned, laid, unlent] = boxes
  if (!typed || !scanned || !laid || !unlent) throw new Error('the demo store has too few boxes')
  return {
    typed,
    scanned,
    laid,
    unlent,
    lent: await facts.lentBox(levels.internal),
    card: await facts.card(levels.internal),
    lowCard: await facts.card(levels.open),
    expiredCard: await facts.card(levels.internal, true),
  }
}
type Cast = Awaited<ReturnType<typeof cast>>

const field = ({ page }: Visitor) => page.getByLabel('刷卡、扫描或输入')

async function type(clerk: Visitor, text: string) {
  await field(clerk).fill(text)
  await field(clerk).press('Enter')
}

const refusedRow = ({ page }: Visitor, code: string) =>
  page.locator('li.refused').filter({ hasText: code })
const line = ({ page }: Visitor, code: string) => page.locator('li.line').filter({ hasText: code })

interface Entry {
  index: number
  event: string
  outcome: string
  detail: string | null
  actor: string
}
async function custodyOf(who: Visitor, box: string): Promise<Entry[]> {
  const { status, body } = await who.api(`/api/custody/boxes/${box}`)
  expect(status).toBe(200)
  return (body as { entries: Entry[] }).entries
}

/** Carries a box through the door and waits until the ledger has the passage: then it has been judged too. */
async function carry(stage: Stage, witness: Visitor, box: string, direction: 'out' | 'in') {
  const passages = async () =>
    (await custodyOf(witness, box)).filter((e) => e.event === 'box.passage')
  const before = (await passages()).length
  await stage.site.control.act('/world/carry', { box, direction })
  await until(async () => (await passages()).length > before)
  const [newest] = await passages()
  expect(newest).toMatchObject({ outcome: 'observed', detail: direction, actor: 'door-1' })
}

async function unlentBoxRaisesAlarm(stage: Stage, guard: Visitor, box: string) {
  await stage.site.control.act('/world/carry', { box, direction: 'out' })
  const row = guard.page.locator('tr[data-kind=unlentAtDoor]').filter({ hasText: box })
  await row.waitFor()
  expect(await row.getAttribute('data-state')).toBe('unacknowledged')
  // The badge of the top bar names it too, on whatever page one is.
  await guard.page.getByRole('banner').getByText('未办借出的盒在门口被读到').waitFor()
  await guard.picture('alarm-unlent-zh-light')
}

async function refusals(clerk: Visitor, c: Cast) {
  const { page } = clerk
  await type(clerk, c.expiredCard.card)
  await page.getByText('卡已于').waitFor()
  await type(clerk, c.typed.code)
  await refusedRow(clerk, c.typed.code).getByText('借阅卡已过期').waitFor()
  await clerk.picture('desk-expired-zh-light')

  await type(clerk, c.lowCard.card)
  await page.getByText(c.lowCard.name).first().waitFor()
  // Another card begins anew: what was refused to the last one is gone.
  await refusedRow(clerk, c.typed.code).waitFor({ state: 'detached' })
  await type(clerk, c.typed.code)
  await refusedRow(clerk, c.typed.code).getByText('密级高于权限').waitFor()

  await scan(clerk, c.card.card)
  await page.getByText(c.card.name).first().waitFor()
  await type(clerk, c.lent.code)
  const lent = refusedRow(clerk, c.lent.code)
  await lent.getByText('已经借出').waitFor()
  await lent.getByText(`${c.lent.borrower} 借着，应还 ${c.lent.due}`).waitFor()
  await type(clerk, c.unlent.code)
  const astray = refusedRow(clerk, c.unlent.code)
  await astray.getByText('不在应在的位置').waitFor()
  await astray.getByText('安全门读写器').waitFor()
  // Nothing may go out, and the button says so.
  expect(await page.getByRole('button', { name: /^完成借出/ }).isDisabled()).toBe(true)
  await clerk.picture('desk-refused-zh-light')
}

async function lend(stage: Stage, clerk: Visitor, c: Cast) {
  const { page } = clerk
  await type(clerk, c.typed.code)
  await line(clerk, c.typed.code).getByText('可借').waitFor()
  await scan(clerk, c.scanned.code)
  await line(clerk, c.scanned.code).getByText('可借').waitFor()
  // The third is only laid onto the reader of the desk.
  await stage.site.control.act('/world/place', { box: c.laid.code, at: 'desk-1' })
  await line(clerk, c.laid.code).getByText('可借').waitFor()
  await scan(clerk, c.scanned.code)
  await page.getByText(`已扫过 ${c.scanned.code}`).waitFor()
  expect(await page.locator('li.line').count()).toBe(3)
  await clerk.picture('desk-boxes-zh-light')

  await field(clerk).press('Enter')
  await page.getByText(`${c.card.name} 借出 3 盒`).waitFor()
  // Done stays in sight; the box that still lies on the reader is not offered again.
  const done = page.getByRole('region', { name: '已办借出' })
  await done.getByText(`${c.card.name} 已借出 3 盒`).waitFor()
  expect(await done.getByText('已借出', { exact: true }).count()).toBe(3)
  expect(await page.locator('.reader').count()).toBe(0)
  expect(await field(clerk).evaluate((f) => f === f.ownerDocument.activeElement)).toBe(true)
  const nextDue = page.getByRole('region', { name: '即将到期' })
  for (const box of [c.typed, c.scanned, c.laid]) await nextDue.getByText(box.code).waitFor()
  await clerk.picture('desk-done-zh-light')
}

async function giveBack(stage: Stage, clerk: Visitor, c: Cast) {
  const { page } = clerk
  const digits = page.locator('.returned__digits b')
  await page.keyboard.press('Alt+r')
  await stage.site.control.act('/world/place', { box: c.laid.code, at: 'desk-1' })
  // A return closes a loan, so lying on the reader is not enough: it is offered.
  const offered = page.locator('.reader li').filter({ hasText: c.laid.code })
  await offered.getByRole('button', { name: '归还' }).click()
  await page.locator('.returned').getByText(c.laid.code).first().waitFor()
  await digits.first().waitFor()
  expect(placeOf(await digits.allInnerTexts())).toBe(c.laid.home)
  // The button went away with its row; what is typed next belongs into the one field.
  expect(await field(clerk).evaluate((f) => f === f.ownerDocument.activeElement)).toBe(true)
  await clerk.picture('desk-return-zh-light')

  await type(clerk, c.typed.code)
  await page.locator('.returned').getByText(c.typed.code).first().waitFor()
  expect(placeOf(await digits.allInnerTexts())).toBe(c.typed.home)
  // Twice is refused, with its reason.
  await type(clerk, c.typed.code)
  await refusedRow(clerk, c.typed.code).getByText('没有借出记录').waitFor()
}

const placeOf = ([column, side, ...rest]: string[]) => [`${column}${side}`, ...rest].join('-')

async function alarmsOf(who: Visitor): Promise<(string | null)[]> {
  const { body } = await who.api('/api/alarms?show=open')
  const { alarms } = body as { alarms: { kind: string; where: { box: string | null } }[] }
  return alarms.filter((a) => a.kind === 'unlentAtDoor').map((a) => a.where.box)
}

/** Rules L2, L5, L8: one entry is proved to a stranger who has only the public key. */
async function proveOne(who: Visitor, entry: Entry) {
  const signed = (await who.api('/api/custody/checkpoint')).body as {
    checkpoint: string
    publicKey: string
    size: number
  }
  const { body } = await who.api(`/api/custody/entries/${entry.index}/proof`)
  const proof = body as Parameters<typeof verifyEntry>[0]
  expect(openCheckpoint(signed.checkpoint, signed.publicKey)).toMatchObject({
    ok: true,
    checkpoint: { size: signed.size },
  })
  expect(proof.checkpoint).toBe(signed.checkpoint)
  expect(verifyEntry(proof, signed.publicKey)).toBeNull()
  const leaf = Buffer.from(proof.leaf, 'base64')
  expect(JSON.parse(leaf.toString())).toMatchObject({ event: entry.event, outcome: entry.outcome })
  const forged = Buffer.from(leaf.toString().replace(entry.event, 'box.forgotten'))
  expect(verifyEntry({ ...proof, leaf: forged.toString('base64') }, signed.publicKey)).toBe(
    'the entry is not in this log',
  )
}

journey(
  '2: a box is lent, passes the door silently, comes back; one without a loan raises an alarm',
  async () => {
    await using stage = await Stage.open()
    await using facts = new StoreFacts(stage.site)
    const c = await cast(facts)
    const guard = await stage.person('facilities')
    await guard.page.goto('/alarms')
    await guard.page.getByRole('heading', { name: '未结束的告警' }).waitFor()
    const opened = await guard.sinceOpened()
    const clerk = await stage.person('desk')
    const archivist = await stage.person('archivist')
    await clerk.page.goto('/desk')
    await field(clerk).waitFor()
    await clerk.picture('desk-card-zh-light')

    await unlentBoxRaisesAlarm(stage, guard, c.unlent.code)
    await refusals(clerk, c)
    await lend(stage, clerk, c)

    await carry(stage, archivist, c.laid.code, 'out')
    expect(await alarmsOf(archivist)).toEqual([c.unlent.code])
    await carry(stage, archivist, c.laid.code, 'in')
    await giveBack(stage, clerk, c)
    expect(await alarmsOf(archivist)).toEqual([c.unlent.code])
    expect(await guard.page.locator('tr[data-kind=unlentAtDoor]').count()).toBe(1)
    expect(await guard.sinceOpened()).toBe(opened)

    const events = async (box: string) =>
      (await custodyOf(archivist, box)).map((e) => e.event).filter((e) => e !== 'box.registered')
    expect(await events(c.laid.code)).toEqual([
      'box.returned',
      'box.passage',
      'box.passage',
      'box.issued',
    ])
    expect(await events(c.typed.code)).toEqual(['box.returned', 'box.issued'])
    expect(await events(c.scanned.code)).toEqual(['box.issued'])
    expect((await events(c.unlent.code)).sort()).toEqual(['box.alarm', 'box.passage'])
    const [returned] = await custodyOf(archivist, c.laid.code)
    expect(returned).toMatchObject({ event: 'box.returned', outcome: 'success', actor: '许阅' })
    await proveOne(archivist, returned as Entry)
  },
)
