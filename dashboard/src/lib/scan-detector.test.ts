import { expect, test } from 'vitest'
import { characterOf, type Key, ScanDetector, type ScanEvent } from './scan-detector.ts'

const key = (code: string, at: number, more: Partial<Key> = {}): Key => ({
  code,
  key: 'Process',
  shift: false,
  ctrl: false,
  alt: false,
  meta: false,
  repeat: false,
  at,
  ...more,
})

/** Physical keys of a text, as a scanner on the US layout sends them, Shift presses included. */
function strokes(text: string, from: number, gapMs: number): Key[] {
  let at = from
  return [...text].flatMap((c) => {
    const upper = /[A-Z]/.test(c)
    const code = /[A-Za-z]/.test(c)
      ? `Key${c.toUpperCase()}`
      : /\d/.test(c)
        ? `Digit${c}`
        : ({ '-': 'Minus', '/': 'Slash', '.': 'Period' }[c] ?? c)
    at += gapMs
    const stroke = key(code, at, { shift: upper })
    return upper ? [key('ShiftLeft', at, { shift: true }), stroke] : [stroke]
  })
}

function feed(detector: ScanDetector, keys: Key[]) {
  const events: ScanEvent[] = []
  let leaked = 0
  for (const k of keys) {
    const a = detector.keydown(k)
    if (a.event) events.push(a.event)
    if (!a.swallow && characterOf(k.code, k.shift, k.key) !== null) leaked++
  }
  return { events, leaked }
}
const scans = (events: ScanEvent[]) => events.flatMap((e) => (e.kind === 'scan' ? [e.text] : []))

test('prefix: every key from F9 to Enter is swallowed, whatever an IME makes of it', () => {
  const { events, leaked } = feed(new ScanDetector(), [
    key('F9', 0),
    ...strokes('LT0A3F7K2Q', 0, 5),
    key('Enter', 60),
  ])
  expect(events[0]).toEqual({ kind: 'begin' })
  expect(scans(events)).toEqual(['LT0A3F7K2Q'])
  expect(leaked).toBe(0)
})

test('prefix: a slow scanner is not cut, and what follows Enter belongs to the person again', () => {
  const d = new ScanDetector()
  const { events } = feed(d, [key('F9', 0), ...strokes('RC1234567X', 0, 400), key('Enter', 4300)])
  expect(scans(events)).toEqual(['RC1234567X'])
  expect(d.keydown(key('KeyA', 4400)).swallow).toBe(false)
  expect(d.other().swallow).toBe(false)
})

test('prefix: a scan that breaks off is reported, never typed, and gives the keyboard back', () => {
  const d = new ScanDetector()
  feed(d, [key('F9', 0), ...strokes('LT0A', 0, 10)])
  expect(d.other().swallow).toBe(true)
  expect(d.expire(500)).toBeNull()
  expect(d.expire(541)).toEqual({ kind: 'incomplete' })
  expect(d.capturing).toBe(false)
  expect(d.expire(9999)).toBeNull()
})

test('prefix: the key after a scan that broke off is a person key', () => {
  const d = new ScanDetector()
  feed(d, [key('F9', 0), ...strokes('LT0A', 0, 10)])
  const answer = d.keydown(key('KeyQ', 2000))
  expect(answer).toEqual({ swallow: false, event: { kind: 'incomplete' } })
})

test('prefix: F9 pressed by hand is forgiven without a word', () => {
  const d = new ScanDetector()
  d.keydown(key('F9', 0))
  expect(d.expire(600)).toBeNull()
  expect(d.capturing).toBe(false)
})

test('burst: sixty milliseconds between keys are a scanner, Enter is swallowed', () => {
  const { events } = feed(new ScanDetector(), [...strokes('LT0A3F7K2Q', 0, 60), key('Enter', 660)])
  expect(scans(events)).toEqual(['LT0A3F7K2Q'])
})

test('burst: a hand is not a scanner, and its Enter goes through', () => {
  const d = new ScanDetector()
  const keys = strokes('LT0A3F7K2Q', 0, 61)
  expect(feed(d, keys).events).toEqual([])
  expect(d.keydown(key('Enter', 680))).toEqual({ swallow: false, event: null })
})

test('burst: five characters are too few', () => {
  const d = new ScanDetector()
  feed(d, strokes('12A-3', 0, 10))
  expect(d.keydown(key('Enter', 60)).event).toBeNull()
})

test('burst: a late Enter is a person', () => {
  const d = new ScanDetector()
  feed(d, strokes('LT0A3F7K2Q', 0, 10))
  expect(d.keydown(key('Enter', 200)).event).toBeNull()
})

test('burst: what a person typed before it is not part of the code', () => {
  const keys = [...strokes('ab', 0, 150), ...strokes('LT0A3F7K2Q', 900, 15), key('Enter', 1060)]
  expect(scans(feed(new ScanDetector(), keys).events)).toEqual(['LT0A3F7K2Q'])
})

test('burst: a key held down never becomes a scan', () => {
  const d = new ScanDetector()
  const held = Array.from({ length: 20 }, (_, i) => key('KeyA', i * 30, { repeat: i > 0 }))
  feed(d, held)
  expect(d.keydown(key('Enter', 620)).event).toBeNull()
})

test('burst: a shortcut with Ctrl breaks it', () => {
  const d = new ScanDetector()
  feed(d, [...strokes('LT0A3F', 0, 10), key('KeyC', 65, { ctrl: true })])
  expect(d.keydown(key('Enter', 70)).event).toBeNull()
})

test('three hundred scans at sixty milliseconds a key: none lost, none joined', () => {
  const d = new ScanDetector()
  const codes = Array.from({ length: 300 }, (_, i) => `LT${String(i).padStart(8, '0')}`)
  const got: string[] = []
  let at = 0
  for (const code of codes) {
    const keys = strokes(code, at, 60)
    at += 60 * code.length + 60
    got.push(...scans(feed(d, [...keys, key('Enter', at)]).events))
    at += 61
  }
  expect(got).toEqual(codes)
})

test('text without keys re-arms the burst (Android)', () => {
  const d = new ScanDetector()
  ;[...'LT0A3F7K2Q'].forEach((c, i) => {
    d.keydown(key('', i * 20, { key: 'Unidentified' }))
    d.text(c, i * 20 + 1)
  })
  const answer = d.keydown(key('Enter', 210))
  expect(answer.event).toEqual({ kind: 'scan', text: 'LT0A3F7K2Q', path: 'burst' })
})

test('Alt+keypad is told once', () => {
  const d = new ScanDetector()
  const keys = [7, 6, 8, 4, 4, 8].map((n, i) => key(`Numpad${n}`, i * 10, { alt: true }))
  expect(feed(d, [...keys, ...keys]).events).toEqual([{ kind: 'altNumpad' }])
})

test('characters come from the physical key, shifted as on the US layout', () => {
  expect(characterOf('KeyB', false, 'Process')).toBe('b')
  expect(characterOf('KeyB', true, 'Process')).toBe('B')
  expect(characterOf('Digit2', true, '"')).toBe('@')
  expect(characterOf('Numpad2', true, 'ArrowDown')).toBe('2')
  expect(characterOf('Slash', true, '_')).toBe('?')
  expect(characterOf('ArrowUp', false, 'ArrowUp')).toBeNull()
})

test('every key that may begin a scan is told, so that the field can be remembered before it', () => {
  const d = new ScanDetector()
  feed(d, strokes('ab', 0, 200))
  expect(d.starts).toBe(2)
  feed(d, strokes('LT0A', 1000, 10))
  expect(d.starts).toBe(3)
  d.keydown(key('F9', 2000))
  expect(d.starts).toBe(4)
})
