// Counting a face with the cart: begun here, walked by a person, ended here. The gateway alone knows what was heard.
import { $, button, call, clock, el, redraw, state, words } from '/page.js'
import { drawWalkResult } from '/walk-result.js'

let look = async () => undefined

const metres = (mm) => (mm / 1000).toFixed(2)

function say(answer) {
  $('walk-error').textContent = answer.ok ? '' : answer.text
}

/** A list is asked for only where there is something to choose. */
function offer(id, devices) {
  $(id).hidden = devices.length < 2
  redraw($(id).querySelector('select'), devices, () =>
    devices.map(({ device, label }) => {
      const option = el('option', { text: label })
      option.value = device
      return option
    }),
  )
}

function drawDevices({ readers, odometers }) {
  const said = [...readers, ...odometers].map(
    (d) => `${d.online ? '' : '▲ '}${d.label} ${words.health[d.online ? 'online' : 'offline']}`,
  )
  $('walk-devices').textContent = said.join(' · ')
  offer('walk-reader', readers)
  offer('walk-odometer', odometers)
}

function running({ face, by, startedAt, progress: p }) {
  const where =
    p.xMm === null ? words.walkNoPlace : words.walkPlace(metres(p.xMm), metres(p.walkedMm))
  const act = (what) => async () => {
    say(await call('POST', `/local/walks/${what}`))
    await look()
  }
  const signed = state.me !== null
  const finish = button(words.walkFinish, 'primary', act('finish'), signed)
  finish.id = 'walk-finish'
  const cancel = button(words.walkCancel, '', act('cancel'), signed)
  cancel.id = 'walk-cancel'
  return [
    el('p', { className: 'strong', text: words.walkRunning(face, by, clock(startedAt)) }),
    el('p', { text: `${words.walkReads(p.reads, p.tags)} · ${where}` }),
    ...p.troubles.map((t) => el('p', { className: 'trouble', text: `▲ ${words.walkTrouble[t]}` })),
    el('div', { className: 'acts' }, finish, cancel),
  ]
}

function drawRunning({ running: now, solving, last }) {
  redraw($('walk-running'), { now, solving, last }, () => {
    if (now) return running(now)
    if (solving) return [el('p', { className: 'strong', text: words.walkSolving(solving.face) })]
    if (!last?.failed) return []
    const why = words.walkFailed[last.failed] ?? words.walkFailed.other
    return [el('p', { className: 'trouble', text: `▲ ${last.face}${words.colon}${why}` })]
  })
}

export function drawWalk() {
  const { walk } = state
  const has = walk.readers.length > 0 || walk.odometers.length > 0 || walk.last !== null
  $('walk-section').hidden = !has
  if (!has) return
  drawDevices(walk)
  $('walk-form').hidden = state.me === null || walk.running !== null || walk.solving !== null
  drawRunning(walk)
  drawWalkResult(walk)
}

async function bodyOf(form) {
  const data = new FormData(form)
  const chosen = (name) =>
    form.elements[name].options.length > 1 ? { [name]: data.get(name) } : {}
  return {
    ...chosen('reader'),
    ...chosen('odometer'),
    startXMm: Number(data.get('startXMm')),
    scene: JSON.parse(await data.get('scene').text()),
  }
}

/** `looked`: reads the state anew. */
export function watchWalk(looked) {
  look = looked
  $('walk-form').addEventListener('submit', async (event) => {
    event.preventDefault()
    let body = null
    try {
      body = await bodyOf(event.target)
    } catch {
      say({ ok: false, text: words.walkNoScene })
      return
    }
    say(await call('POST', '/local/walks', body))
    await look()
  })
}
