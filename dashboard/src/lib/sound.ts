/**
 * Sounds for hands that are busy: each has a vibration twin. Only the most important of several is heard, none is
 * longer than a second. Unlocked by the first key or touch, as browsers ask.
 */
import { recall, remember } from './remember.ts'
import { createStore } from './store.ts'

/** In rising importance. */
export const soundNames = ['good', 'done', 'reserved', 'attention', 'overdue', 'error'] as const
export type SoundName = (typeof soundNames)[number]

interface Note {
  readonly hz: number
  readonly at: number
  readonly ms: number
}
const note = (hz: number, at: number, ms: number): Note => ({ hz, at, ms })
const scores: Readonly<Record<SoundName, { notes: readonly Note[]; buzz: number[] }>> = {
  good: { notes: [note(880, 0, 90)], buzz: [30] },
  done: { notes: [note(523, 0, 260), note(659, 0, 260), note(784, 0, 260)], buzz: [60] },
  reserved: { notes: [note(784, 0, 110), note(988, 130, 160)], buzz: [40, 40, 40] },
  attention: { notes: [note(660, 0, 140), note(494, 160, 200)], buzz: [80, 60, 80] },
  overdue: { notes: [note(494, 0, 160), note(494, 220, 160)], buzz: [120] },
  error: { notes: [note(196, 0, 200), note(196, 280, 260)], buzz: [160, 80, 160] },
}

export const soundOn = createStore<boolean>(recall('sound') !== 'off')
soundOn.subscribe(() => remember('sound', soundOn.get() ? 'on' : 'off'))

let context: AudioContext | null = null
let busyUntil = 0
let playing: { name: SoundName; gain: GainNode } | null = null

const outranks = (a: SoundName, b: SoundName) => soundNames.indexOf(a) >= soundNames.indexOf(b)

export function playSound(name: SoundName): void {
  // Until a person has touched the page the browser refuses, and complains in its log.
  if (!soundOn.get() || navigator.userActivation?.hasBeenActive === false) return
  navigator.vibrate?.(scores[name].buzz)
  context ??= typeof AudioContext === 'undefined' ? null : new AudioContext()
  if (!context) return
  // Refused until a person has touched the page; then there is nothing to be heard, and nothing to repair.
  context.resume().catch(() => undefined)
  if (playing && context.currentTime < busyUntil && !outranks(name, playing.name)) return
  playing?.gain.disconnect()
  playing = { name, gain: context.createGain() }
  playing.gain.gain.value = 0.2
  playing.gain.connect(context.destination)
  for (const n of scores[name].notes) sing(context, playing.gain, n)
  busyUntil = context.currentTime + Math.max(...scores[name].notes.map((n) => n.at + n.ms)) / 1000
}

function sing(audio: AudioContext, out: GainNode, n: Note) {
  const tone = audio.createOscillator()
  const start = audio.currentTime + n.at / 1000
  tone.frequency.value = n.hz
  tone.connect(out)
  tone.start(start)
  tone.stop(start + n.ms / 1000)
}
