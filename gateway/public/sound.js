// Alarms are heard at this page too, with the server away (S12). Silencing is of this page alone, and acknowledges nothing.
import { AlarmSound } from '/alarm-sound.js'
import { $, words } from '/page.js'

const alarms = new AlarmSound()
let context = null

/** Hertz, begin and length in milliseconds. */
const scores = {
  1: [
    [880, 0, 220],
    [660, 280, 220],
    [880, 560, 220],
  ],
  2: [[660, 0, 180]],
}

function play(priority) {
  context ??= new AudioContext()
  for (const [hz, at, ms] of scores[priority]) {
    const tone = context.createOscillator()
    const start = context.currentTime + at / 1000
    tone.frequency.value = hz
    tone.connect(context.destination)
    tone.start(start)
    tone.stop(start + ms / 1000)
  }
}

/** A browser gives no sound before a person has touched the page; whoever wants it at once starts it with that allowed. */
const allowed = () => {
  context ??= new AudioContext()
  return context.state === 'running'
}

/** At every look: `lost` where the gateway does not answer. */
export function soundAlarms(conditions, lost) {
  const priority = alarms.hear(conditions, lost, performance.now())
  if (priority !== null && allowed()) play(priority)
  const { loud, silenced } = alarms.count
  $('silence').hidden = loud === 0
  $('silence').textContent = words.silence
  const notes = [
    ...(allowed() ? [] : [`▲ ${words.soundOff}`]),
    ...(silenced > 0 ? [words.silenced(silenced)] : []),
  ]
  $('sound').textContent = notes.join(' · ')
}

/** `looked`: draws anew. */
export function watchSound(looked) {
  $('silence').addEventListener('click', () => {
    alarms.silence()
    looked()
  })
  for (const touch of ['pointerdown', 'keydown'])
    document.addEventListener(touch, () => void context?.resume(), { passive: true })
}
