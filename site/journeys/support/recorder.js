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
/** Where the sought column stands between the first and the last number of bank B1, whatever the size of the plan. */
function targetShare() {
  const all = [...document.querySelectorAll('.plan-number')]
  const at = (e) => (e ? Number.parseFloat(e.style.left) : Number.NaN)
  const first = at(all.find((e) => e.textContent === '1'))
  const last = at(all.find((e) => e.textContent === '12'))
  const share = (at(document.querySelector('.plan-number--target')) - first) / (last - first)
  return Number.isFinite(share) ? Math.round(share * 1000) / 1000 : null
}
/** What is looked at, by name. */
const probes = {
  step: () => textOf('.steps [aria-current=step]'),
  end: () => textOf('.course__end'),
  banks: () =>
    [...document.querySelectorAll('.bank-tag')]
      .map((e) => `${textIn(e, '.bank-tag__name')} ${textIn(e, '.bank-tag__state')}`)
      .join(' / '),
  targetShare,
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
