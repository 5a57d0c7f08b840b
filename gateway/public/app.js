import { openDialog, watchDialog } from '/ask.js'
import { drawCertificates } from '/certificates.js'
import { drawCommissioning } from '/commissioning.js'
import { drawLists } from '/lists.js'
import {
  $,
  age,
  button,
  call,
  clock,
  el,
  language,
  row,
  speakIn,
  state,
  take,
  words,
} from '/page.js'
import { soundAlarms, watchSound } from '/sound.js'
import { drawWalk, watchWalk } from '/walk.js'
import { refusal } from '/words.js'

let heardAt = performance.now()
/** An answer may take three seconds; longer than this without one is an alarm by itself. */
const lostAfterMs = 10_000

// ---------------------------------------------------------------- drawing

function chip(i) {
  const [clear, active, name] = words.input[i.input]
  const seconds = i.ageMs === null ? '' : ` ${age(i.ageMs)}`
  if (i.state === 'notProvided')
    return el('span', { className: 'chip', text: `${name} ${words.notProvided}` })
  if (i.state === 'active')
    return el('span', { className: 'chip bad', text: `▲ ${active}${seconds}` })
  if (i.state === 'unknown')
    return el('span', { className: 'chip unknown', text: `${name} ${words.unknown}${seconds}` })
  return el('span', { className: 'chip', text: `${clear}${seconds}` })
}

const holds = (b, kind) => b.inhibitions.some((h) => h.kind === kind)

function actsOf(b) {
  const path = `/local/banks/${b.bank}`
  const signed = state.me !== null
  const ask =
    (name, more = {}) =>
    () =>
      openDialog({
        title: `${b.label} · ${words[name]}`,
        note: words[`${name}Note`],
        go: words[name],
        ...more,
      })
  const post = (what) => (body) => call('POST', `${path}/${what}`, body)
  const acts = [button(`■ ${words.stop}`, 'stop', () => stop(b), signed)]
  if (holds(b, 'boot'))
    acts.push(button(words.release, '', ask('release', { post: post('release') }), signed))
  if (holds(b, 'crush'))
    acts.push(
      button(
        words.resetCrush,
        '',
        ask('resetCrush', { post: post('reset-crush'), confirm: words.confirmedOnSite }),
        signed,
      ),
    )
  if (holds(b, 'forbid') || b.interlocks.some((i) => i.input === 'forbid' && i.state === 'active'))
    acts.push(
      button(
        words.clearForbid,
        '',
        ask('clearForbid', { post: post('clear-forbid'), second: true }),
        signed,
      ),
    )
  else acts.push(button(words.forbid, '', ask('forbid', { post: post('forbid') }), signed))
  return el('div', { className: 'acts' }, ...acts)
}

async function stop(b) {
  const answer = await call('POST', `/local/banks/${b.bank}/stop`)
  if (!answer.ok) $('stop-note').textContent = `${b.label}${words.colon}${answer.text}`
  await look()
}

function drawBank(b) {
  const o = b.observed
  const told = o
    ? words.reports(`${words.motion[o.motion]} · ${words.aisle(o.openAisle)}`) +
      words.aside(words.age(age(b.ageMs)))
    : words.never
  const old = b.ageMs === null || b.ageMs > 2000
  const head = el(
    'div',
    { className: 'bank-head' },
    el('strong', { text: `${b.label} ${b.bank}` }),
    el('span', {
      className: old ? '' : 'muted',
      text: old && o ? `${words.unknown}${words.aside(words.age(age(b.ageMs)))}` : told,
    }),
    el('span', { className: 'muted', text: b.permit ? words.permit : words.noPermit }),
    actsOf(b),
  )
  const held = b.inhibitions.map((h) => {
    const reason = h.reason && refusal(words, h.reason)
    const who = [h.by, reason, clock(h.since)].filter(Boolean).join(' · ')
    return el('span', {
      className: 'chip held',
      text: `⊘ ${words.held[h.kind]}${words.aside(who)}`,
    })
  })
  const faults = (o?.faults ?? []).map((f) => el('span', { className: 'chip bad', text: f }))
  const chips = el('div', { className: 'chips' }, ...held, ...faults, ...b.interlocks.map(chip))
  return el('div', { className: 'bank' }, head, chips)
}

function drawFire() {
  const { fire, fireLatched, points } = state.fire
  const word = { normal: words.fireNormal, alarm: words.fireAlarm, unknown: words.fireUnknown }[
    fire
  ]
  $('fire').textContent = fireLatched
    ? `■ ${word} · ${words.latched}`
    : fire === 'normal'
      ? word
      : `■ ${word}`
  $('fire').className = `state${fire === 'normal' && !fireLatched ? '' : ' p1'}`
  const rooms = [...new Set(points.filter((p) => p.latchedSince).map((p) => p.room))]
  $('fire-acts').replaceChildren(
    ...rooms.map((room) =>
      button(
        `${words.resetFire} ${room}`,
        '',
        () =>
          openDialog({
            title: `${words.resetFire} ${room}`,
            note: words.resetFireNote,
            go: words.resetFire,
            confirm: words.confirmedOnSite,
            post: (body) => call('POST', `/local/rooms/${room}/reset-fire`, body),
          }),
        state.me !== null,
      ),
    ),
  )
  $('fire-points').replaceChildren(
    ...points.map((p) => {
      const text = (p.means === 'panelFault' ? words.fault : words.contact)[p.state]
      const latch = p.latchedSince ? ` · ${words.latched} ${clock(p.latchedSince)}` : ''
      const seconds = p.ageMs === null ? '' : ` ${age(p.ageMs)}`
      const bad = p.state !== 'clear' || p.latchedSince
      return row(bad ? `■ ${p.label}` : p.label, `${text}${seconds}${latch}`, bad ? 'p1' : '')
    }),
  )
}

/** What waits is answered well within this while the server lives. */
const answerWithinMs = 5000

function drawHeader() {
  $('title').textContent = words.title(state)
  const { link } = state
  const waiting = Object.values(state.store.backlog).reduce((a, b) => a + b, 0)
  const silentMs = link.lastAckAgeMs
  // The broker may be there without the server: only an answer says that it lives, and only a question asks for one.
  const silent = link.up && silentMs !== null && waiting > 0 && silentMs > answerWithinMs
  const heard = silent ? words.noAnswer(age(silentMs)) : words.linkUp(age(silentMs ?? 0))
  const server = !link.up ? words.linkDown : silentMs === null ? words.noAck : heard
  const away = silent || !link.up
  $('link').textContent = away ? `▲ ${server}` : server
  $('link').className = `state${away ? ' p2' : ''}`
  const notes = [words.backlog(waiting)]
  if (state.store.full) notes.push(`▲ ${words.storeFull}`)
  if (state.epcProfiles) notes.push(`● ${words.epcProfiles(state.epcProfiles)}`)
  if (state.clock === 'suspect') notes.push(`● ${words.clockSuspect}`)
  $('store').textContent = notes.join(' · ')
  $('store').className = `state${state.store.full ? ' p2' : ''}`
  $('me').textContent = state.me?.name ?? ''
  $('sign-out').hidden = state.me === null
  $('sign-in').hidden = state.me !== null
}

function draw() {
  if (!state) return
  drawCommissioning()
  drawCertificates()
  drawWalk()
  drawHeader()
  drawFire()
  drawLists()
  const busy = document.activeElement?.closest('#banks')
  // A button under the finger is not replaced: the next look draws it.
  if (!busy || !document.activeElement.matches(':active')) {
    const focused = [...document.querySelectorAll('#banks button')].indexOf(document.activeElement)
    $('banks').replaceChildren(...state.banks.map(drawBank))
    if (focused >= 0) document.querySelectorAll('#banks button')[focused]?.focus()
  }
}

function speak() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.title = words.page
  for (const e of document.querySelectorAll('[data-word]')) e.textContent = words[e.dataset.word]
  $('banks-title').textContent = words.banks
  $('stop-note').textContent = words.stopNote
  $('sign-in-title').textContent = words.signInTitle
  $('fire-title').textContent = words.fire
  $('alarms-title').textContent = words.alarms
  $('devices-title').textContent = words.devices
  $('commands-title').textContent = words.commands
  $('sign-out').textContent = words.signOut
  $('language').textContent = words.other
  draw()
}

// ---------------------------------------------------------------- acting

watchDialog(look)
watchWalk(look)
watchSound(look)

$('sign-in-form').addEventListener('submit', async (event) => {
  event.preventDefault()
  const form = new FormData(event.target)
  const answer = await call('POST', '/local/session', {
    account: form.get('account'),
    password: form.get('password'),
  })
  $('sign-in-error').textContent = answer.ok ? '' : answer.text
  event.target.elements.password.value = ''
  await look()
})
$('sign-out').addEventListener('click', async () => {
  await call('DELETE', '/local/session')
  await look()
})
$('language').addEventListener('click', () => {
  speakIn(language === 'zh' ? 'en' : 'zh')
  speak()
})

// ---------------------------------------------------------------- looking

async function look() {
  try {
    const response = await fetch('/local/state', { signal: AbortSignal.timeout(3000) })
    if (response.ok) {
      take(await response.json())
      heardAt = performance.now()
    }
  } catch {
    // Shown below as the age of what we last heard.
  }
  const silent = performance.now() - heardAt
  $('lost').hidden = silent < 2000
  $('lost').textContent = words.lost(Math.round(silent / 1000))
  soundAlarms(state?.conditions ?? [], silent >= lostAfterMs)
  draw()
}
async function keepLooking() {
  await look()
  setTimeout(keepLooking, document.hidden ? 3000 : 500)
}
speak()
void keepLooking()
