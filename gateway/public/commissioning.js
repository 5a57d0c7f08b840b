// Commissioning of a bank by people who stand before it: the inputs it lacks (S1) and the side that it calls left (S11).
import { openDialog } from '/ask.js'
import { $, button, call, clock, dayAndClock, el, redraw, state, words } from '/page.js'
import { refusal } from '/words.js'

/** What was answered to a person's last act, by bank, until the next one. */
const said = new Map()
const route = (b, what) => `/local/banks/${b.bank}/commissioning/${what}`
const nameOf = (b) => `${b.label} ${b.bank}`
const ended = ['refused', 'done', 'failed', 'unknown', 'expired']
const course = ['requested', 'accepted', 'running', 'done']
const inputName = (i) => words.input[i][2]
const namesOf = (inputs) => inputs.map(inputName).join(words.comma)

/** Between which columns an aisle lies; it is named by the column on its lower side. */
function aisleName({ columns }, aisle) {
  const above = columns[columns.indexOf(aisle) + 1]
  return above === undefined ? words.aisleAtEnd(aisle) : words.aisleBetween(aisle, above)
}

/** Still under way, to be answered by the person who watched, or over. */
function stageOf(b) {
  const { trial } = b.commissioning
  if (!trial) return null
  if (!ended.includes(trial.state) || b.observed?.motion === 'moving') return 'underWay'
  return trial.state === 'refused' || trial.state === 'expired' ? 'refused' : 'asks'
}

function tryAisle(b) {
  const { commissioning: c, observed } = b
  said.delete(b.bank)
  openDialog({
    title: `${nameOf(b)} · ${words.trial}`,
    note: words.trialNote,
    go: words.trialGo,
    reason: false,
    confirm: words.nobodyInside,
    choices: {
      name: 'aisle',
      label: words.trialAisle,
      // The first aisle has none across its column: both answers would look the same.
      options: c.columns.slice(1).map((n) => ({ value: n, label: aisleName(c, n) })),
    },
    // S4: of the status that the person saw when they opened this.
    post: (body) =>
      call('POST', route(b, 'trial'), { ...body, seenRevision: observed?.revision ?? 0 }),
  })
}

function tellSeen(b) {
  const { commissioning: c } = b
  const aisles = c.columns.map((n) => ({ value: n, label: aisleName(c, n) }))
  const proves = [c.trial.aisle, c.columns[c.columns.indexOf(c.trial.aisle) - 1]]
  openDialog({
    title: `${nameOf(b)} · ${words.sawAisle}`,
    note: words.sawNote(aisleName(c, c.trial.aisle)),
    go: words.sawGo,
    reason: false,
    confirm: words.sawMyself,
    choices: {
      name: 'opened',
      label: words.sawAisle,
      options: [...aisles, { value: 'null', label: words.sawNone }],
    },
    post: (body) => call('POST', route(b, 'saw'), body),
    done: ({ opened }) =>
      said.set(b.bank, proves.includes(opened) ? words.sawStored : words.sawProvesNothing),
  })
}

function acceptInputs(b) {
  said.delete(b.bank)
  openDialog({
    title: `${nameOf(b)} · ${words.acceptInputs}`,
    note: words.acceptNote(namesOf(b.commissioning.notProvided), state.me.name),
    go: words.acceptGo,
    reason: false,
    second: true,
    post: (body) => call('POST', route(b, 'accept-inputs'), body),
  })
}

const acts = (b, what, label, run) => {
  const act = button(
    label,
    '',
    () => run(state.banks.find((x) => x.bank === b.bank)),
    state.me !== null,
  )
  act.id = `${what}-${b.bank}`
  return el('div', { className: 'acts' }, act)
}
const line = (text, className) => el('p', { text, className })

function inputsPart(b) {
  const { notProvided, inputs } = b.commissioning
  const parts = [el('h4', { text: words.inputsPart })]
  if (notProvided.length === 0) return [...parts, line(words.nothingMissing, 'muted')]
  const open = notProvided.filter((i) => !inputs?.inputs.includes(i))
  parts.push(line(words.cannotGive(namesOf(notProvided))))
  if (inputs)
    parts.push(
      line(
        words.acceptedBy(namesOf(inputs.inputs), inputs.by, inputs.second, dayAndClock(inputs.at)),
        'muted',
      ),
    )
  if (open.length === 0) return parts
  return [
    ...parts,
    line(`⊘ ${words.notAccepted(namesOf(open))}`, 'strong'),
    acts(b, 'accept', `${words.acceptInputs}…`, acceptInputs),
  ]
}

/** What the command is known to have passed, with the time of each; nothing is filled in (S6). */
function courseOf(trial) {
  const requested = { state: 'requested', at: trial.at }
  const passed = [requested, ...state.commands.filter((c) => c.command === trial.command)]
  const steps = course.map((step) => {
    const heard = passed.find((c) => c.state === step)
    const name = step === 'done' ? words.observedStep : words.command[step]
    const text = heard ? `${name} ${clock(heard.at)}` : name
    const li = el('li', { text, className: heard ? 'reached' : '' })
    if (step === trial.state) li.setAttribute('aria-current', 'step')
    return li
  })
  return el('ol', { className: 'course' }, ...steps)
}

/** Where the trial stands, in one sentence. */
function trialSays({ trial }) {
  const reason = trial.reason ? `${words.colon}${refusal(words, trial.reason)}` : ''
  return `${words.command[trial.state]}${reason}`
}

function trialPart(b) {
  const c = b.commissioning
  const stage = stageOf(b)
  if (!stage) return []
  const { aisle, by, at } = c.trial
  return [
    line(words.trialOf(aisleName(c, aisle), by, dayAndClock(at)), 'muted'),
    courseOf(c.trial),
    line(trialSays(c)),
    ...(stage === 'underWay' ? [line(words.watch, 'muted')] : []),
    ...(stage === 'asks'
      ? [line(words.sawAisle, 'strong'), acts(b, 'saw', `${words.sawGo}…`, tellSeen)]
      : []),
  ]
}

function sideResult({ side, leftIs }) {
  if (!side) return [line(`⊘ ${words.notProven}`, 'strong')]
  const proven = line(
    words.provenBy(words.side[side.leftIs], side.by, dayAndClock(side.at)),
    side.leftIs === leftIs ? '' : 'strong',
  )
  if (side.leftIs === leftIs) return [proven]
  return [
    proven,
    line(`▲ ${words.contradicts(words.side[leftIs], words.side[side.leftIs])}`, 'strong'),
  ]
}

function sidePart(b) {
  const c = b.commissioning
  const parts = [el('h4', { text: words.sidePart })]
  if (c.leftIs === 'absolute') return [...parts, line(words.absolute, 'muted')]
  if (c.leftIs === 'unset') return [...parts, line(`⊘ ${words.unset}`, 'strong')]
  parts.push(line(words.setTo(words.side[c.leftIs])), ...sideResult(c), ...trialPart(b))
  const stage = stageOf(b)
  if (c.side?.leftIs === c.leftIs || stage === 'underWay' || stage === 'asks') return parts
  const again = c.trial || c.side ? words.trialAgain : words.trial
  return [...parts, acts(b, 'trial', `${again}…`, tryAisle)]
}

const isHeld = (b) => b.inhibitions.some((h) => h.kind === 'commissioning')

function card(b) {
  const note = said.get(b.bank)
  const left = b.inhibitions.filter(
    (h) => h.kind === 'boot' || h.kind === 'forbid' || h.kind === 'crush',
  )
  return el(
    'article',
    { className: 'commission' },
    el('h3', { text: nameOf(b) }),
    line(isHeld(b) ? words.notYet : words.commissioned, isHeld(b) ? '' : 'muted'),
    ...(isHeld(b) && left.length > 0
      ? [line(words.alsoHeld(left.map((h) => words.held[h.kind]).join(words.comma)), 'muted')]
      : []),
    el('div', { className: 'part' }, ...inputsPart(b)),
    el('div', { className: 'part' }, ...sidePart(b)),
    ...(note ? [line(note, 'strong')] : []),
  )
}

/** Once for somebody who does not see the page: what the trial does now. */
function announce(banks) {
  const trials = banks.filter((b) => b.commissioning.trial)
  const text = trials
    .map((b) => `${nameOf(b)}${words.colon}${trialSays(b.commissioning)}`)
    .join(' ')
  if ($('commissioning-said').textContent !== text) $('commissioning-said').textContent = text
}

export function drawCommissioning() {
  const banks = state.banks.filter((b) => b.commissioning)
  $('commissioning-section').hidden = banks.length === 0
  const shown = banks.map((b) => [
    b.bank,
    b.label,
    b.commissioning,
    stageOf(b),
    b.inhibitions.map((h) => h.kind),
    b.commissioning.trial &&
      state.commands.filter((x) => x.command === b.commissioning.trial.command).length,
    said.get(b.bank),
  ])
  redraw($('commissioning'), shown, () => banks.map(card))
  announce(banks)
}
