/**
 * Runs in the page before its own scripts. Writes down, in one order, what the server reported of the banks and what
 * the page then showed, so that a journey can tell whether the page ever claimed more than it had heard.
 */
const log = []
window.lantaiLog = log

function hear(text) {
  // socket.io: an event is `42[name, message]`, the answer to a join is `43<id>[answer]`.
  const [, kind, json] = /^(42|43)\d*(\[.*)$/s.exec(text) ?? []
  if (!json) return
  const [first, second] = JSON.parse(json)
  const data = kind === '42' ? second?.room === 'shelving' && second.data : first?.snapshot
  for (const bank of data?.banks ?? []) log.push({ reported: bank })
}

window.WebSocket = class extends window.WebSocket {
  constructor(...args) {
    super(...args)
    this.addEventListener('message', (e) => typeof e.data === 'string' && hear(e.data))
  }
}

const textOf = (selector) => document.querySelector(selector)?.textContent ?? null
const leftOf = (e) => (e ? Number.parseFloat(e.style.left) : null)
/** What is looked at, by name. */
const probes = {
  step: () => textOf('.steps [aria-current=step]'),
  end: () => textOf('.course__end'),
  banks: () =>
    [...document.querySelectorAll('.bank-tag')]
      .map((e) => `${textIn(e, '.bank-tag__name')} ${textIn(e, '.bank-tag__state')}`)
      .join(' / '),
  targetPx: () => leftOf(document.querySelector('.plan-number--target')),
}
const textIn = (e, selector) => e.querySelector(selector)?.textContent ?? ''

const shown = new Map()
function look() {
  for (const [probe, read] of Object.entries(probes)) {
    const value = read()
    if (value === (shown.get(probe) ?? null)) continue
    shown.set(probe, value)
    log.push({ probe, value })
  }
}
new MutationObserver(look).observe(document, {
  subtree: true,
  childList: true,
  characterData: true,
  attributes: true,
})
