/**
 * What an auditor has of the ledger, checked without the server (rule L8): answers of the custody routes in one file.
 * Needs nothing but the verifier beside it, and Node.
 */
import { brokenAt } from './broken-json.ts'
import {
  type Checkpoint,
  type EntryProof,
  keyAfter,
  openCheckpoint,
  verifyConsistency,
  verifyEntry,
} from './verify.ts'

/** About one answer of the file, or about a place in it that cannot be read. */
export interface Finding {
  /** Where it stands: from 1; null for what was kept elsewhere. */
  nth: number | null
  what: 'entry' | 'checkpoint' | 'consistency' | 'text'
  /** Null when it holds, else the first thing that does not. */
  wrong: string | null
  /** Of an entry: its place in the log. */
  index?: number
  /** Of an entry or a checkpoint: how long the log was. */
  size?: number
  /** The exact content of an entry that holds, as it was hashed; text where it is no JSON. */
  says?: unknown
}

export interface AuditFile {
  findings: Finding[]
  /** The verifier key that was used, `name+id+key`. */
  key: string | null
  /** Of the file itself: then all of it proves only that it agrees with itself. */
  ownKey: boolean
}

interface Trust {
  /** Verifier key from elsewhere. */
  key?: string
  /** A checkpoint of the log that was kept elsewhere. */
  kept?: string
}

const isText = (v: unknown): v is string => typeof v === 'string'
const isSize = (v: unknown): v is number => Number.isSafeInteger(v) && (v as number) >= 0
const isHashes = (v: unknown): v is string[] => Array.isArray(v) && v.every(isText)

/** Every answer that the file holds: one, a list, or one a line. `wrong` names line and byte of what is no JSON. */
export function answersIn(text: string): { values: unknown[] } | { wrong: string } {
  const whole = parse(text)
  if ('value' in whole) return { values: Array.isArray(whole.value) ? whole.value : [whole.value] }
  const lines = text.split('\n')
  // What begins with a whole line is one answer a line; anything else is one text that is broken.
  if (!('value' in parse(lines[0] ?? ''))) return { wrong: at(text, whole.broken) }
  const values: unknown[] = []
  let offset = 0
  for (const line of lines) {
    const read = line.trim() === '' ? null : parse(line)
    if (read && 'broken' in read) return { wrong: at(text, offset + read.broken) }
    if (read) values.push(read.value)
    offset += line.length + 1
  }
  return { values }
}

function parse(text: string): { value: unknown } | { broken: number } {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { broken: brokenAt(text) }
  }
}

function at(text: string, offset: number): string {
  const before = text.slice(0, offset)
  return `no JSON at line ${before.split('\n').length}, byte ${Buffer.byteLength(before)}`
}

/** Checks every answer of the file, and that all of them speak of one log. */
export function verifyFile(text: string, { key: given, kept }: Trust = {}): AuditFile {
  const read = answersIn(text)
  if ('wrong' in read)
    return { findings: [{ nth: null, what: 'text', wrong: read.wrong }], key: null, ownKey: false }
  const named = read.values.map((v) => field(v, 'publicKey')).find(isText)
  const key = given ?? named
  const none = { key: null, ownKey: false }
  if (key === undefined)
    return { findings: [{ nth: null, what: 'text', wrong: 'no verifier key is known' }], ...none }
  const log = new Log(key)
  log.learn(read.values)
  const first = kept === undefined ? [] : [log.checkpoint(null, kept)]
  const rest = read.values.map((value, i) => [value, i + 1] as const)
  // Consistency is between checkpoints, wherever they stand.
  const found = rest.map(([value, nth]) => (isConsistency(value) ? null : log.answer(value, nth)))
  const findings = rest.map(
    ([value, nth], i) => found[i] ?? log.consistency(value as Consistency, nth),
  )
  if (findings.length === 0) findings.push({ nth: null, what: 'text', wrong: 'the file is empty' })
  const loose = first.map((f) => (f.wrong === null ? { ...f, wrong: log.loose(f.size ?? 0) } : f))
  return { findings: [...loose, ...findings], key, ownKey: given === undefined }
}

const field = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined

const isProof = (v: unknown): v is EntryProof =>
  isSize(field(v, 'index')) &&
  isSize(field(v, 'size')) &&
  isText(field(v, 'leaf')) &&
  isHashes(field(v, 'proof')) &&
  isText(field(v, 'checkpoint'))

interface Consistency {
  from: number
  to: number
  proof: string[]
}
const isConsistency = (v: unknown): v is Consistency =>
  isSize(field(v, 'from')) && isSize(field(v, 'to')) && isHashes(field(v, 'proof'))

/** The checkpoints that were seen so far, by size: of one log there is only one of each. */
class Log {
  /** The one that is trusted, and those that entries of this very log changed it to. */
  readonly #keys: string[]
  readonly #roots = new Map<number, Buffer>()
  /** Sizes between which the log was proven to go on, `from-to`. */
  readonly #goesOn = new Set<string>()

  constructor(key: string) {
    this.#keys = [key]
  }

  /** Follows changes of the key, however the answers stand (rule L5). */
  learn(answers: readonly unknown[]): void {
    for (const key of this.#keys)
      for (const p of answers) {
        if (!isProof(p) || verifyEntry(p, key) !== null) continue
        const next = keyAfter(Buffer.from(p.leaf, 'base64'), key)
        // The list grows while it is walked: a key may have been changed again.
        if (next !== null && !this.#keys.includes(next)) this.#keys.push(next)
      }
  }

  #keyOf(checkpoint: string): string {
    const [first = ''] = this.#keys
    return this.#keys.find((k) => openCheckpoint(checkpoint, k).ok) ?? first
  }

  answer(value: unknown, nth: number): Finding {
    const checkpoint = field(value, 'checkpoint')
    if (!isText(checkpoint)) return { nth, what: 'text', wrong: 'no answer of the custody routes' }
    if (field(value, 'leaf') !== undefined) return this.#entry(value, checkpoint, nth)
    const publicKey = field(value, 'publicKey')
    const seen = this.checkpoint(nth, checkpoint)
    if (seen.wrong === null && !this.#keys.some((k) => k === publicKey))
      return { ...seen, wrong: 'another verifier key is named' }
    if (seen.wrong === null && field(value, 'size') !== seen.size)
      return { ...seen, wrong: 'another size is named' }
    return seen
  }

  checkpoint(nth: number | null, note: string): Finding {
    const opened = openCheckpoint(note, this.#keyOf(note))
    if (!opened.ok) return { nth, what: 'checkpoint', wrong: opened.wrong }
    const { size } = opened.checkpoint
    return { nth, what: 'checkpoint', size, wrong: this.#forked(opened.checkpoint) }
  }

  #entry(value: unknown, checkpoint: string, nth: number): Finding {
    if (!isProof(value))
      return { nth, what: 'entry', wrong: 'index, size, leaf or proof is missing' }
    const { index, size, leaf } = value
    const wrong = verifyEntry(value, this.#keyOf(checkpoint))
    if (wrong !== null) return { nth, what: 'entry', index, size, wrong }
    const forked = this.checkpoint(nth, checkpoint).wrong
    if (forked !== null) return { nth, what: 'entry', index, size, wrong: forked }
    return { nth, what: 'entry', index, size, wrong: null, says: contentOf(leaf) }
  }

  consistency({ from, to, proof }: Consistency, nth: number): Finding {
    const finding = (wrong: string | null): Finding => ({ nth, what: 'consistency', wrong })
    const [older, newer] = [this.#roots.get(from), this.#roots.get(to)]
    if (!older) return finding(`there is no checkpoint of ${from} entries to go on from`)
    if (!newer) return finding(`there is no checkpoint of ${to} entries`)
    const hashes = proof.map((h) => Buffer.from(h, 'base64'))
    const bad = proof.findIndex((h, i) => hashes[i]?.toString('base64') !== h)
    if (bad >= 0) return finding(`hash ${bad + 1} of the proof is not base64`)
    const ends = [
      { size: from, root: older },
      { size: to, root: newer },
    ] as const
    if (!verifyConsistency(...ends, hashes))
      return finding(`the log of ${to} entries does not go on from that of ${from}`)
    this.#goesOn.add(`${from}-${to}`)
    return finding(null)
  }

  /** Why the kept checkpoint says nothing about the newest of the file; null where it does. */
  loose(kept: number): string | null {
    const sizes = [...this.#roots.keys()]
    const newest = Math.max(...sizes.filter((s) => s !== kept), sizes.length > 1 ? 0 : kept)
    const [from, to] = [Math.min(kept, newest), Math.max(kept, newest)]
    return from === to || this.#goesOn.has(`${from}-${to}`)
      ? null
      : `the file does not prove how the log went on from ${from} entries to ${to}`
  }

  #forked({ size, root }: Checkpoint): string | null {
    const known = this.#roots.get(size)
    if (known && !known.equals(root))
      return `another checkpoint of ${size} entries has another root`
    this.#roots.set(size, root)
    return null
  }
}

function contentOf(leaf: string): unknown {
  const text = Buffer.from(leaf, 'base64').toString('utf8')
  const read = parse(text)
  return 'value' in read ? read.value : text
}
