/** Reasons that gateway and server give in plain English, as keys of the texts; what is not known is shown as it is. */
export interface ReasonPart {
  /** Key of the stack texts, or null: then `text` is shown. */
  key: string | null
  text: string
  /** What the text of the key names, such as a column. */
  values?: Readonly<Record<string, string>>
}

const inputs =
  'eStop|obstacle|occupied|fire|door|forbid|manual|night|controllerFault|power|link|otherAisle'
const inputState = new RegExp(`^(${inputs})(?: (active|unknown|not heard of for too long))?$`)
const inhibition = /^(?:inhibited: )?(boot|fire|forbid|storage|crush|commissioning)$/

const phrases: Readonly<Record<string, string>> = {
  'controller refused': 'controllerRefused',
  'controller cannot do this': 'cannotDo',
  'link lost in motion': 'linkLost',
  'link to the gateway lost': 'gatewayLost',
  'did not arrive in time': 'notArrived',
  'no motion seen': 'noMotion',
  'no status after the request': 'noStatus',
  'no answer from the gateway': 'noAnswer',
  'no end was reported': 'noEnd',
  'gateway restarted': 'restarted',
  'no second person approved in time': 'notApproved',
  'no input says why': 'noInput',
  'not permitted by the gateway': 'notPermitted',
  'store is full': 'full',
  'too late, or a stop came first; nothing was sent': 'notSent',
  'stop requested before it began': 'stopFirst',
  'forbid requested before it began': 'stopFirst',
  'nonce unknown': 'late',
  'nonce too old': 'late',
  'another motion of this bank is under way': 'busy',
  'state changed since it was seen': 'changed',
  'the bank has moved since you looked': 'changed',
  'the gateway has not reported in the last two seconds': 'silent',
  'no permit': 'notPermitted',
  'no expiry': 'late',
  'expiry too far away': 'late',
  'issued in the future': 'clocks',
  expired: 'late',
  'link lost': 'linkLostNow',
  'controller never reports motion': 'blind',
  'controller reports still': 'reportsStill',
  'controller reports moving': 'reportsMoving',
  'controller reports in place': 'reportsInPlace',
  'controller reports no forbid': 'reportsNoForbid',
  'controller still reports forbid': 'reportsForbid',
  'cleared at the gateway; the controller still reports forbid': 'clearedHereOnly',
  'cleared at the gateway; the controller has no forbid': 'clearedHere',
  'latched at the gateway': 'latchedHere',
  'released; nothing was moved': 'released',
  'in place already; nothing was asked': 'inPlace',
  'moved at the shelf': 'byHand',
  'occupied at motion': 'crush',
  'the store of latches was damaged': 'latchesLost',
  'commissioning trial': 'trial',
  'side polarity not commissioned': 'sideNotProven',
  'side polarity not set': 'sideNotSet',
  'this bank has no side polarity': 'sideNone',
  'the first aisle has none across its column: choose another': 'trialAisle',
  'aisle unknown': 'noAisle',
  'column unknown': 'noColumn',
  'bank unknown': 'noBank',
  'motion unknown': 'motionUnknown',
  'the bank is moving': 'moving',
  'no reason given': 'noReasonGiven',
  'needs a second person': 'second',
  'not inhibited by a restart': 'notHeld',
  'motion is not forbidden': 'notForbidden',
  'nothing is latched': 'nothingLatched',
}

/** Those that name something. */
const naming: readonly [RegExp, string, string?][] = [
  [/^role (?:may|of) /, 'role'],
  [/^side polarity is set to \w+, but \w+ was proven$/, 'sideContradicts'],
  [/^controller reports aisle (\d+) in place$/, 'reportsAisle', 'aisle'],
  [/^controller reports column (\d+) locked$/, 'reportsLocked', 'column'],
  [/^controller reports column (\d+) not locked$/, 'reportsUnlocked', 'column'],
]
function named(text: string): ReasonPart | null {
  for (const [pattern, phrase, name] of naming) {
    const [whole, value] = pattern.exec(text) ?? []
    if (whole === undefined) continue
    const values = name && value ? { values: { [name]: value } } : {}
    return { key: `reason.${phrase}`, text, ...values }
  }
  return null
}

function partOf(text: string): ReasonPart {
  const phrase = phrases[text]
  if (phrase) return { key: `reason.${phrase}`, text }
  const known = named(text)
  if (known) return known
  const held =
    /^inhibited: /.test(text) || /^(boot|storage|crush|commissioning)$/.test(text)
      ? inhibition.exec(text)
      : null
  if (held) return { key: `inhibition.${held[1]}`, text }
  const input = inputState.exec(text)
  if (!input) return { key: null, text }
  const state = input[2] === undefined || input[2] === 'active' ? 'active' : 'unknown'
  return { key: `interlock.${state}.${input[1]}`, text }
}

/** Inputs that nobody accepted to go without. */
const lacked = (list = ''): ReasonPart[] =>
  list.split(/,\s*/).map((text) => {
    const input = inputState.exec(text)
    return { key: input && !input[2] ? `interlock.notProvided.${text}` : null, text }
  })

/** `stopped on the way: obstacle active` → two parts, `obstacle active, fire unknown` → two parts. */
export function reasonParts(reason: string): ReasonPart[] {
  const stopped = /^stopped on the way: (.*)$/.exec(reason)
  if (stopped)
    return [{ key: 'reason.stopped', text: 'stopped on the way' }, partOf(stopped[1] ?? '')]
  const missing = /^missing inputs not accepted: (.*)$/.exec(reason)
  if (missing)
    return [{ key: 'reason.missing', text: 'missing inputs not accepted' }, ...lacked(missing[1])]
  const whole = partOf(reason)
  return whole.key ? [whole] : reason.split(/,\s*/).map(partOf)
}
