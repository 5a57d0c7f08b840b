// What every part of the page shares: the language, the state that was last heard, and small builders.
import { languages, refusal } from '/words.js'

export const $ = (id) => document.getElementById(id)
const remembered = localStorage.getItem('language')
export let language = remembered ?? (navigator.language.startsWith('zh') ? 'zh' : 'en')
export let words = languages[language]
/** As the gateway last told it; null before it did. */
export let state = null

export function speakIn(next) {
  language = next
  words = languages[next]
  localStorage.setItem('language', next)
}
export function take(heard) {
  state = heard
}

/** Builds an element; text is always text, never markup. */
export function el(tag, { text, className, title } = {}, ...children) {
  const e = document.createElement(tag)
  if (text !== undefined) e.textContent = text
  if (className) e.className = className
  if (title) e.title = title
  e.append(...children)
  return e
}

export function button(label, className, onClick, enabled = true) {
  const b = el('button', { text: label, className })
  b.type = 'button'
  b.disabled = !enabled
  b.addEventListener('click', onClick)
  return b
}

export const row = (left, right, className) =>
  el(
    'li',
    {},
    el('span', { text: left, className }),
    el('span', { text: right, className: 'muted' }),
  )

export const age = (ms) => {
  if (ms === null) return null
  const s = ms / 1000
  if (s < 10) return `${s.toFixed(1)} s`
  return s < 120 ? `${Math.round(s)} s` : `${Math.round(s / 60)} min`
}
const locale = () => (language === 'zh' ? 'zh-CN' : 'en-GB')
export const clock = (iso) => new Date(iso).toLocaleTimeString(locale())
export const dayAndClock = (iso) => new Date(iso).toLocaleString(locale())

/** Redraws a place only when what it shows has changed: a button under the finger is not replaced. */
export function redraw(place, shown, make) {
  const now = JSON.stringify([language, state.me, shown])
  if (place.dataset.shown === now) return
  place.dataset.shown = now
  const focused = place.contains(document.activeElement) ? document.activeElement.id : ''
  place.replaceChildren(...make())
  if (focused) $(focused)?.focus()
}

/** Asks the gateway to do something. What it refuses is told in words and with its code. */
export async function call(method, path, body) {
  const json = body
    ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    : {}
  try {
    const response = await fetch(path, { method, ...json, signal: AbortSignal.timeout(15_000) })
    const answer = await response.json().catch(() => ({}))
    return response.ok ? { ok: true } : { ok: false, text: why(answer, response.status) }
  } catch {
    // Whether it was done is not known: the next look tells.
    return { ok: false, text: words.code.unreachable }
  }
}

function why({ code = '', detail }, status) {
  const text = words.code[code] ?? words.code.other
  const told = ['interlock', 'walk', 'scene'].includes(code) && detail
  const said = told ? `${words.colon}${refusal(words, detail)}` : ''
  return `${text}${said} (${code || status})`
}
