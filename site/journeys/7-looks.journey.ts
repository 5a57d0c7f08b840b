/**
 * Journey 7: every screen, in both languages and both themes: nobody is shut out (axe), no text below 12 px, nothing
 * wider than its place, nothing on the plan lies on something else, and the screens of daily work never scroll.
 */
import { expect } from 'vitest'
import { journey, Stage, type Visitor } from './harness.ts'
import { releaseBanks } from './support/banks.ts'
import { lookThrough, measured, seriousOf } from './support/looks.ts'
import { Truth } from './support/truth.ts'

const desktop = { width: 1366, height: 768 }
/** What a browser leaves of a screen of 768 lines. */
const low = { width: 1366, height: 620 }
const themes = ['light', 'dark'] as const

interface Screen {
  readonly name: string
  readonly open: (v: Visitor) => Promise<unknown>
  /** Daily work: fits into the low window. */
  readonly fits?: boolean
}

const on = (v: Visitor, selector: string) => v.page.locator(selector).first().waitFor()
const drawnStack = async (v: Visitor) => {
  await on(v, '.spine')
  await on(v, '.plan-number')
  await v.page.locator('.bank-tag').nth(3).waitFor()
}
const stack = (search = '') => ({
  open: async (v: Visitor) => {
    await v.page.goto(`/stacks/R1${search}`)
    await drawnStack(v)
    // Below the fire strip there is no floor for chips: the words of the bank carry the climate.
    if ((await v.page.locator('.strip--fire').count()) === 0) await on(v, '.climate-chip .range')
  },
})
/** The stack with a box, and then a button of the page. */
const withBox = (box: string, press: (v: Visitor) => Promise<unknown>, shows: string) => ({
  open: async (v: Visitor) => {
    await stack(`?box=${box}`).open(v)
    await v.page.locator('.way__code', { hasText: box }).waitFor()
    await press(v)
    await on(v, shows)
  },
})

const screensOf = (box: string): Screen[] => [
  {
    name: 'overview',
    fits: true,
    open: async (v) => {
      await v.page.goto('/')
      await on(v, '.sketch__column')
      await v.page.locator('.room__banks li').nth(3).waitFor()
    },
  },
  { name: 'stack', fits: true, ...stack() },
  { name: 'box', fits: true, ...stack(`?box=${box}`) },
  {
    name: 'request',
    fits: true,
    ...withBox(box, (v) => v.page.keyboard.press('o'), '.interlocks'),
  },
  { name: 'move', fits: true, ...withBox(box, (v) => v.page.keyboard.press('m'), '.move') },
  {
    name: 'contents',
    fits: true,
    ...withBox(box, (v) => v.page.locator('.way__acts .btn').first().click(), '.contents__file'),
  },
  {
    name: 'controls',
    fits: true,
    ...withBox(box, (v) => v.page.locator('.bank-tag__name').first().click(), '.control__latches'),
  },
  {
    name: 'list',
    fits: true,
    ...withBox(box, (v) => v.page.locator('.plan-panel__tools .btn').last().click(), '.bank-list'),
  },
  {
    name: 'desk',
    fits: true,
    open: async (v) => {
      await v.page.goto('/desk')
      await on(v, '.holding')
    },
  },
  {
    name: 'alarms',
    open: async (v) => {
      await v.page.goto('/alarms')
      await on(v, '[data-kind=humidityHigh] .alarm__chip')
      await on(v, '.detail')
    },
  },
  {
    name: 'health',
    open: async (v) => {
      await v.page.goto('/settings')
      await on(v, '[data-check=disk]')
      await on(v, '[data-device=shelf-b4]')
    },
  },
  {
    name: 'nowhere',
    open: async (v) => {
      await v.page.goto('/nowhere')
      await on(v, '.page-note')
    },
  },
]

/** One screen in both themes; what is wrong comes back by name, so that one run tells everything. */
async function judge(v: Visitor, screen: Screen, language: string): Promise<string[]> {
  const wrong: string[] = []
  const say = (look: string, what: string, found: readonly string[]) =>
    wrong.push(...found.map((f) => `${screen.name} ${language} ${look}: ${what}: ${f}`))
  await v.page.setViewportSize(desktop)
  await screen.open(v)
  for (const theme of themes) {
    await lookThrough(v, desktop, theme)
    await v.picture(`looks-${screen.name}-${language}-${theme}`)
    say(theme, 'axe', await seriousOf(v))
    const { small, wide, overlaps } = await measured(v)
    say(theme, 'below 12 px', small)
    say(theme, 'too wide', wide)
    say(theme, 'overlap', overlaps)
  }
  if (screen.fits) {
    await lookThrough(v, low, 'light')
    const { scrolls, wide, overlaps } = await measured(v)
    say('low', 'scrolls', scrolls)
    say('low', 'too wide', wide)
    say('low', 'overlap', overlaps)
  }
  return wrong
}

async function outside(stage: Stage, locale: 'zh-CN' | 'en'): Promise<string[]> {
  const stranger = await stage.visitor({ locale })
  const signIn: Screen = {
    name: 'sign-in',
    open: async (v) => {
      await v.page.goto('/sign-in')
      await on(v, 'input[name=password]')
    },
  }
  const wrong = await judge(stranger, signIn, locale)
  await stranger.page.close()
  const officer = await stage.person('system', { locale })
  const forbidden: Screen = {
    name: 'forbidden',
    open: async (v) => {
      await v.page.goto('/desk')
      await on(v, '.page-note')
    },
  }
  wrong.push(...(await judge(officer, forbidden, locale)))
  await officer.page.close()
  return wrong
}

journey('7: every screen in both languages and themes, to a critical eye', async () => {
  await using stage = await Stage.open()
  await using truth = await Truth.of(stage.site)
  const archivist = await stage.person('archivist')
  const english = await stage.person('archivist2', { locale: 'en' })
  await stage.site.settled()
  await releaseBanks(archivist)
  // A day with something to see: one wall is damp.
  await stage.site.control.act('/world/air', { sensor: 'th-3', humidity: 68 })
  await on(archivist, '.top .badge--p2')
  const { code } = await truth.boxOn(4, 'B')

  const wrong: string[] = []
  for (const screen of screensOf(code)) {
    wrong.push(...(await judge(archivist, screen, 'zh')))
    wrong.push(...(await judge(english, screen, 'en')))
  }
  wrong.push(...(await outside(stage, 'zh-CN')), ...(await outside(stage, 'en')))
  expect(wrong).toEqual([])

  // On the small screen too, the climate stands where it was measured, and says what is out of its band.
  await lookThrough(archivist, desktop, 'light')
  await stack().open(archivist)
  await on(archivist, '.climate-chip--out')
  expect((await measured(archivist)).chips).toBeGreaterThanOrEqual(7)

  // A gateway falls silent: all that is no longer known about a bank is said in the room that its words have.
  const gateway = stage.site.pid('gateway') ?? 0
  process.kill(gateway, 'SIGSTOP')
  await on(archivist, '.bank-tag__first')
  const silent: Screen = {
    name: 'stack-silent',
    open: async (v) => {
      await v.page.goto('/stacks/R1')
      await drawnStack(v)
    },
  }
  expect([
    ...(await judge(archivist, silent, 'zh')),
    ...(await judge(english, silent, 'en')),
  ]).toEqual([])
  process.kill(gateway, 'SIGCONT')
  await stage.site.settled()

  // Under a fire strip the low window still holds everything apart.
  await stage.site.control.act('/world/contacts', { input: 'fire-panel', alarm: true })
  await on(archivist, '.strip--fire')
  await on(english, '.strip--fire')
  const burning: Screen = { name: 'stack-fire', fits: true, ...stack() }
  await archivist.page.locator('.bank-climate').getByText('68').waitFor()
  expect([
    ...(await judge(archivist, burning, 'zh')),
    ...(await judge(english, burning, 'en')),
  ]).toEqual([])
})
