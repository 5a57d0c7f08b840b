/** Reasons that gateway and server give in plain English, as keys of the texts; what is not known is shown as it is. */
export interface ReasonPart {
  /** Key of the stack texts, or null: then `text` is shown. */
  key: string | null
  text: string
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
}

function partOf(text: string): ReasonPart {
  const phrase = phrases[text]
  if (phrase) return { key: `reason.${phrase}`, text }
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

/** `stopped on the way: obstacle active` → two parts, `obstacle active, fire unknown` → two parts. */
export function reasonParts(reason: string): ReasonPart[] {
  const stopped = /^stopped on the way: (.*)$/.exec(reason)
  if (stopped)
    return [{ key: 'reason.stopped', text: 'stopped on the way' }, partOf(stopped[1] ?? '')]
  const whole = partOf(reason)
  return whole.key ? [whole] : reason.split(/,\s*/).map(partOf)
}
