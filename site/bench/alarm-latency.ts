/** From a contact on the wire to a painted alarm in a real browser, against the floor of the same run (performance 4, 6.7). */
import type { Page } from 'playwright-core'
import type { Site } from '../src/site.ts'
import { type Figure, percentile, round3 } from './figure.ts'
import { floor } from './floor.ts'

/** Contact module, gateway, broker, server, front: five processes between the wire and the browser. */
const hops = 5
const contact = 'fire-panel-fault'

/**
 * In the page: wall-clock milliseconds of the first frame in which the alarm is, or is no more, in the open list.
 * Text, because it runs in the browser and not here.
 */
const painted = (selector: string, present: boolean) => `new Promise((resolve) => {
  const holds = () => (document.querySelector(${JSON.stringify(selector)}) !== null) === ${present}
  const paint = () => requestAnimationFrame(() =>
    setTimeout(() => resolve(performance.timeOrigin + performance.now()), 0))
  if (holds()) return paint()
  const observer = new MutationObserver(() => {
    if (!holds()) return
    observer.disconnect()
    paint()
  })
  observer.observe(document.body, { childList: true, subtree: true, attributes: true })
})`

/** In the page: how long one frame takes. */
const frame = `new Promise((resolve) => requestAnimationFrame((began) =>
  requestAnimationFrame((next) => resolve(next - began))))`

export interface AlarmPage {
  site: Site
  page: Page
  /** Matches the alarm's row while its condition is present and unacknowledged. */
  selector: string
  /** Ends the alarm, so that the next trial begins from nothing. */
  clear(): Promise<void>
}

export async function alarmLatency(o: AlarmPage & { trials: number }): Promise<Figure[]> {
  const { site, page } = o
  await using ground = await floor(hops)
  const set = (alarm: boolean) => site.control.act('/world/contacts', { input: contact, alarm })
  const ours: number[] = []
  const peer: number[] = []
  for (let i = 0; i < o.trials; i++) {
    peer.push((await ground.sample()) + ((await page.evaluate(frame)) as number))
    const seen = page.evaluate(painted(o.selector, true)) as Promise<number>
    const began = performance.timeOrigin + performance.now()
    await set(true)
    ours.push((await seen) - began)
    await set(false)
    await o.clear()
    await page.evaluate(painted(o.selector, false))
  }
  const of = (p: number, aim: number): Figure => {
    const ratio = percentile(ours, p) / percentile(peer, p)
    return {
      name: `alarm-latency-p${p}`,
      meaning: `contact to painted alarm in the browser / TCP through ${hops} processes + two fsyncs + one frame: p${p}`,
      ratio: round3(ratio),
      min: round3(Math.min(...ours) / percentile(peer, p)),
      max: round3(Math.max(...ours) / percentile(peer, p)),
      rounds: o.trials,
      aim: `<= ${aim}`,
      met: ratio <= aim,
      valid: true,
      detail: {
        unit: 'ms',
        product: round3(percentile(ours, p)),
        peer: round3(percentile(peer, p)),
        productMin: round3(Math.min(...ours)),
        productMax: round3(Math.max(...ours)),
      },
    }
  }
  return [of(50, 3), of(99, 3)]
}
