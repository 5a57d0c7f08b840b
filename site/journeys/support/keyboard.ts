/** A person at the keyboard, without a mouse. */
import type { Locator, Page } from 'playwright-core'

/** A hand is slower than a scanner; keys that come faster are taken for a scan, and rightly so. */
const handMs = 110
/** No page has so many stops. */
const mostStops = 400

export class Keyboard {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  press(key: string): Promise<void> {
    return this.#page.keyboard.press(key)
  }
  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text, { delay: handMs })
  }

  /** Tab by tab until the focus is there. Throws where the keyboard cannot reach it. */
  async tabTo(target: Locator): Promise<void> {
    await target.waitFor()
    for (let stop = 0; stop < mostStops; stop++) {
      if ((await target.and(this.#page.locator(':focus')).count()) > 0) return
      await this.press('Tab')
    }
    throw new Error(`the keyboard does not reach ${target}`)
  }

  /** The one search field, by its key, with this in it. */
  async searchFor(text: string): Promise<void> {
    await this.press('/')
    await this.#page.locator('#search-field:focus').waitFor()
    await this.type(text)
  }

  /** Walks down the list to the row and opens it. */
  async pick(row: Locator): Promise<void> {
    await row.waitFor()
    for (let stop = 0; stop < mostStops; stop++) {
      if ((await row.getAttribute('aria-selected')) === 'true') return this.press('Enter')
      await this.press('ArrowDown')
    }
    throw new Error(`the arrows do not reach ${row}`)
  }
}
