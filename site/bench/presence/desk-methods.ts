/** The ways to say who lies on the desk, each fed the same reads in their order. */
import { type Sighting, VirtualClock } from '@lantai/contracts'
import { DeskPresence } from '@lantai/gateway'
import type { DeskStream } from './desk-stream.ts'
import { EdgexTag, lookEveryMs } from './peers/edgex.ts'
import { SmurfTag } from './peers/smurf.ts'

/** When a method began and ceased to say that a tag is there, by tag, in milliseconds of the stream. */
export type Said = Map<string, { from: number; to: number }[]>
export type DeskMethod = (stream: DeskStream) => Said

const ends = 600_000

/** Ours, as the gateway runs it. */
export const ours: DeskMethod = ({ reads, lastsMs }) => {
  const clock = new VirtualClock()
  const said = new Spans()
  const take = (s: Sighting) => {
    if (s.departed) said.leave(s.epc, clock.mono())
    else said.arrive(s.epc, clock.mono())
  }
  const desk = new DeskPresence('desk', clock, take)
  for (const { at, read } of reads) {
    clock.advance(at - clock.mono())
    desk.read(read)
  }
  clock.advance(lastsMs + ends - clock.mono())
  return said.done(clock.mono())
}

/** A fixed time of silence: 3 s is what the gateway did before. */
export const fixed =
  (holdMs: number): DeskMethod =>
  ({ reads, lastsMs }) => {
    const said = new Spans()
    const last = new Map<string, number>()
    for (const { at, read } of reads) {
      const before = last.get(read.epc)
      if (before !== undefined && at - before > holdMs) said.leave(read.epc, before + holdMs)
      said.arrive(read.epc, at)
      last.set(read.epc, at)
    }
    for (const [epc, at] of last) said.leave(epc, at + holdMs)
    return said.done(lastsMs + ends)
  }

/** SMURF, told how often the reader really looks. */
export const smurf =
  (cycles: number): DeskMethod =>
  ({ reads, lastsMs, cycleMs }) => {
    const epochMs = cycles * cycleMs
    const said = new Spans()
    const answers = new Map<number, Map<string, Set<number>>>()
    for (const { at, read } of reads) {
      const epoch = Math.floor(at / epochMs)
      const tags = answers.get(epoch) ?? new Map<string, Set<number>>()
      answers.set(epoch, tags)
      const looks = tags.get(read.epc) ?? new Set<number>()
      tags.set(read.epc, looks.add(Math.floor(at / cycleMs)))
    }
    const tags = new Map<string, SmurfTag>()
    for (let epoch = 0; epoch * epochMs < lastsMs + ends; epoch++) {
      const heard = answers.get(epoch)
      for (const epc of heard?.keys() ?? [])
        if (!tags.has(epc)) tags.set(epc, new SmurfTag({ cycles }))
      for (const [epc, tag] of tags) {
        const at = (epoch + 1) * epochMs
        if (tag.epoch(heard?.get(epc)?.size ?? 0)) said.arrive(epc, at)
        else said.leave(epc, at)
      }
    }
    return said.done(lastsMs + ends)
  }

export const edgex: DeskMethod = ({ reads, lastsMs }) => {
  const said = new Spans()
  const tags = new Map<string, EdgexTag>()
  let look = lookEveryMs
  const lookUntil = (until: number) => {
    for (; look <= until; look += lookEveryMs)
      for (const [epc, tag] of tags) if (tag.look(look)) said.leave(epc, look)
  }
  for (const { at, read } of reads) {
    lookUntil(at)
    const tag = tags.get(read.epc) ?? new EdgexTag()
    tags.set(read.epc, tag)
    tag.read(at, read.antenna, read.rssiDbm)
    said.arrive(read.epc, at)
  }
  lookUntil(lastsMs + ends + 2 * lookEveryMs)
  return said.done(look)
}

class Spans {
  readonly #open = new Map<string, number>()
  readonly #done: Said = new Map()

  arrive(epc: string, at: number) {
    if (!this.#open.has(epc)) this.#open.set(epc, at)
  }
  leave(epc: string, at: number) {
    const from = this.#open.get(epc)
    if (from === undefined) return
    this.#open.delete(epc)
    const list = this.#done.get(epc) ?? []
    this.#done.set(epc, list)
    list.push({ from, to: at })
  }
  done(at: number): Said {
    for (const epc of [...this.#open.keys()]) this.leave(epc, at)
    return this.#done
  }
}
