// What a walk found: every shelf from left to right. Each class has a word and a form of its own, never colour alone.
import { $, dayAndClock, el, redraw, state, words } from '/page.js'

/** Number of the walk that `result` is of. */
let fetched = 0
let result = null
let asking = false

/** Fetched once a walk: it is large, and does not change. */
async function fetchResult(number) {
  if (asking) return
  asking = true
  try {
    const response = await fetch('/local/walks/result', { signal: AbortSignal.timeout(15_000) })
    if (!response.ok) return
    result = await response.json()
    fetched = number
  } catch {
    // The next look asks again.
  } finally {
    asking = false
  }
}

const nameOf = (b) => b.label ?? b.epc
const shortOf = (b) => nameOf(b).slice(-5)
const slot = ({ shelf, rank }) => words.walkSlot(shelf, rank)
const percent = (p) => `${Math.floor(p * 100)} %`

const marks = {
  found: '',
  doubt: '≈ ',
  misplaced: '⇄ ',
  foreign: '＋ ',
  unread: '○ ',
  uncovered: '',
}
const kindOf = (b) => (b.doubt ? 'doubt' : (b.class ?? 'found'))
const wordOf = (kind) => (kind === 'doubt' ? words.walkDoubt : words.walkClass[kind])

function box(b) {
  const as = kindOf(b)
  const plain = as === 'found'
  const name = nameOf(b)
  const said = plain ? shortOf(b) : `${marks[as]}${name} ${wordOf(as)}`
  const rank = b.rank === null ? '' : `${b.rank} `
  const sure = b.rank === null ? '' : ` · ${words.walkSure(percent(b.confidence))}`
  const short = b.rank === null ? [] : [el('small', { text: percent(b.confidence) })]
  const home = b.home && as !== 'found' ? ` · ${words.walkHome(slot(b.home))}` : ''
  const title = `${name} · ${wordOf(as)}${sure}${home}`
  return el('li', { className: `box ${as}`, text: `${rank}${said}`, title }, ...short)
}

function shelf({ shelf: name, boxes }) {
  const allUncovered = boxes.length > 0 && boxes.every((b) => b.class === 'uncovered')
  const row = el('ol', { className: 'boxes' }, ...boxes.map(box))
  const note = allUncovered
    ? [el('p', { className: 'muted', text: words.walkShelfUncovered(reasonsOf(boxes)) })]
    : []
  const item = el(
    'div',
    { className: 'shelf' },
    el('h4', { text: name }),
    el('div', {}, row, ...note),
  )
  item.dataset.shelf = name
  return item
}

const reasonsOf = (boxes) =>
  [...new Set(boxes.map((b) => b.uncovered).filter(Boolean))]
    .map((r) => words.walkUncovered[r])
    .join(words.comma)

/** Where each box is and where it should be, as lines that can be read out at the shelf. */
function lines(shown, as, say) {
  const found = shown.shelves.flatMap(({ shelf: at, boxes }) => {
    const read = boxes.filter((b) => b.rank !== null)
    const standing = boxes.map((b) => {
      const i = read.indexOf(b)
      return { ...b, at, between: i < 0 ? [] : [read[i - 1], read[i + 1]] }
    })
    return standing.filter((b) => kindOf(b) === as)
  })
  const elsewhere = shown.elsewhere.filter((b) => kindOf(b) === as).map((b) => ({ ...b, at: null }))
  const all = [...found, ...elsewhere]
  if (all.length === 0) return []
  const list = all.map((b) => {
    const item = el('li', { text: `${marks[as]}${nameOf(b)} ${say(b)}` })
    item.dataset.epc = b.epc
    return item
  })
  const title = el('h4', { text: `${wordOf(as)} ${all.length}${words.walkNote[as] ?? ''}` })
  const ul = el('ul', { className: `lines ${as}` }, ...list)
  return [el('div', { className: 'part' }, title, ul)]
}

/** Ranks count what was read; what a box stands beside can be looked for at the shelf. */
function place(at, left, right) {
  if (!left && !right) return slot(at)
  return words.walkBetween(at.shelf, left && shortOf(left), right && shortOf(right))
}

function now(b) {
  if (b.at === null) return words.walkElsewhere
  const stands = place({ shelf: b.at, rank: b.rank }, ...b.between)
  return `${stands} · ${words.walkSure(percent(b.confidence))}`
}

/** Where the catalogue has it. */
function homeOf(shown, { home }) {
  const all = [...shown.shelves.flatMap(({ boxes }) => boxes), ...shown.elsewhere]
  const at = (rank) => all.find((b) => b.home?.shelf === home.shelf && b.home.rank === rank)
  return place(home, at(home.rank - 1), at(home.rank + 1))
}

function draw({ face, by, startedAt, endedAt, shown }) {
  const { counts, troubles } = shown
  const head = words.walkResult(face, by, dayAndClock(startedAt), dayAndClock(endedAt))
  const doubted = shown.shelves.flatMap(({ boxes }) => boxes).filter((b) => b.doubt).length
  const total = Object.entries(counts).map(([as, n]) => {
    const of = as === 'found' && doubted > 0 ? words.walkDoubted(doubted) : ''
    return el('li', {
      className: `box ${as}`,
      text: `${marks[as]}${words.walkClass[as]} ${n}${of}`,
    })
  })
  return [
    el('h3', { text: head }),
    el('ol', { className: 'boxes' }, ...total),
    el('p', { className: 'muted', text: words.walkNotMissing }),
    ...troubles.map((t) => el('p', { className: 'trouble', text: `▲ ${words.walkTrouble[t]}` })),
    ...lines(shown, 'misplaced', (b) => words.walkFromTo(homeOf(shown, b), now(b))),
    ...lines(shown, 'doubt', (b) => words.walkFromPerhaps(homeOf(shown, b), now(b))),
    ...lines(shown, 'foreign', now),
    ...lines(shown, 'unread', (b) => (b.home ? words.walkHome(homeOf(shown, b)) : '')),
    ...shown.shelves.map(shelf),
  ]
}

export function drawWalkResult({ last, running }) {
  const mine = state.me !== null
  if (mine && last && !last.failed && fetched !== last.number) void fetchResult(last.number)
  const show = mine && result && last && fetched === last.number && !running ? result : null
  const hidden = !mine && last && !last.failed ? words.walkSignIn : null
  redraw($('walk-result'), [show?.number ?? null, hidden], () => {
    if (show) return draw(show)
    return hidden ? [el('p', { className: 'muted', text: hidden })] : []
  })
}
