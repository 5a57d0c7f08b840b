/**
 * What journeys and benchmarks stand on: one whole store of its own, a real browser, people who sign in.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { choosePort } from '../src/postgres/ports.ts'
import { sharedEngineDir } from '../src/postgres/scratch.ts'
import { Site, type SiteOptions } from '../src/site.ts'
import { repositoryRoot } from '../src/supervise/node-process.ts'
import { tempDir } from '../src/testing.ts'

export const browserPath = '/usr/bin/chromium'
/** Ends what hangs; it judges nothing. */
const watchdogMs = 60_000

export interface Look {
  readonly locale?: 'zh-CN' | 'en'
  readonly theme?: 'light' | 'dark'
  readonly width?: number
  readonly height?: number
}

const launchBrowser = () =>
  chromium.launch({
    executablePath: browserPath,
    // Containers and root have no sandbox; the page is our own.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb'],
  })

/** One whole store with a browser before it. `await using` ends both. */
export class Stage implements AsyncDisposable {
  readonly site: Site
  readonly #browser: Browser
  readonly #dir: Disposable
  readonly #visitors: Visitor[] = []

  private constructor(site: Site, browser: Browser, dir: Disposable) {
    this.site = site
    this.#browser = browser
    this.#dir = dir
  }

  static async open(options: Pick<SiteOptions, 'simulator' | 'gateway'> = {}): Promise<Stage> {
    const dir = tempDir()
    const site = new Site({
      dataDir: join(dir.path, 'data'),
      engineDir: sharedEngineDir(),
      port: await choosePort(),
      // Nothing happens that the journey did not ask for.
      simulator: { SIM_AMBIENT: '0', SIM_ALARM_DELAY_MS: '0' },
      ...options,
    })
    await site.start()
    try {
      return new Stage(site, await launchBrowser(), dir)
    } catch (error) {
      await site.stop()
      dir[Symbol.dispose]()
      throw error
    }
  }

  /** Somebody new, with a browser profile of their own. */
  async visitor(look: Look = {}): Promise<Visitor> {
    const { locale = 'zh-CN', theme = 'light', width = 1366, height = 768 } = look
    const context = await this.#browser.newContext({
      baseURL: this.site.url,
      locale,
      colorScheme: theme,
      viewport: { width, height },
      timezoneId: 'Asia/Shanghai',
    })
    context.setDefaultTimeout(watchdogMs)
    const visitor = new Visitor(this.site, context, await context.newPage())
    this.#visitors.push(visitor)
    return visitor
  }

  /** Somebody who has signed in already. */
  async person(account: string, look: Look = {}): Promise<Visitor> {
    const visitor = await this.visitor(look)
    await visitor.page.goto('/sign-in')
    await visitor.signIn(account)
    await visitor.page.waitForURL((url) => url.pathname !== '/sign-in')
    return visitor
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [i, v] of this.#visitors.entries()) await v.lastPicture(`ended-${i + 1}`)
    await this.#browser.close()
    await this.site.stop()
    this.#dir[Symbol.dispose]()
    const faults = this.#visitors.flatMap((v) => v.faults)
    if (faults.length > 0) throw new Error(`the page had faults of its own:\n${faults.join('\n')}`)
  }
}

/** A person before the page. */
export class Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** Uncaught errors and breaches of the content security policy: a journey with one has failed. */
  readonly faults: string[] = []
  readonly #site: Site

  constructor(site: Site, context: BrowserContext, page: Page) {
    this.#site = site
    this.context = context
    this.page = page
    page.on('pageerror', (error) => this.faults.push(error.stack ?? error.message))
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) this.faults.push(message.text())
    })
  }

  passwordOf(account: string): string {
    const found = this.#site.accounts.find((a) => a.account === account)
    if (!found) throw new Error(`the demo has no account ${account}`)
    return found.password
  }

  /** Fills the sign-in page that is open. */
  async signIn(account: string, password = this.passwordOf(account)): Promise<void> {
    await this.page.locator('input[name=account]').fill(account)
    await this.page.locator('input[name=password]').fill(password)
    await this.page.locator('form button[type=submit]').click()
  }

  /** Calls the API as this person's page would; answers with status and body. */
  api(path: string, init: { method?: string; body?: unknown } = {}) {
    return this.page.evaluate(
      async ({ path, method, body }) => {
        const response = await fetch(path, {
          method,
          ...(body === undefined
            ? {}
            : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        })
        return { status: response.status, body: (await response.json()) as { code?: string } }
      },
      { path, method: init.method ?? 'GET', body: init.body },
    )
  }

  /** A mark that the page loses when it is loaded again: two equal answers mean that it was not. */
  async sinceOpened(): Promise<number> {
    return await this.page.evaluate(() => performance.timeOrigin)
  }

  /** What the page showed at the end: after a failure it says most. A page that is closed shows nothing. */
  async lastPicture(name: string): Promise<void> {
    if (this.page.isClosed()) return
    const dir = `${repositoryRoot}artifacts`
    mkdirSync(dir, { recursive: true })
    await this.page.screenshot({ path: join(dir, `${name}.png`), timeout: 5_000 }).catch(() => null)
  }

  /** A picture for `artifacts/`, once fonts are there and nothing animates. */
  async picture(name: string): Promise<void> {
    const dir = `${repositoryRoot}artifacts`
    mkdirSync(dir, { recursive: true })
    await this.page.evaluate('document.fonts.ready')
    await this.page.screenshot({ path: join(dir, `${name}.png`), animations: 'disabled' })
  }
}
