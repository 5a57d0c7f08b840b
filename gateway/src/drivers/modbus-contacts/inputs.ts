import { type ContactMeans, isFireMeans } from '@lantai/contracts'
import type { InputReport } from '../driver.ts'
import { loadProfile, timingOf } from '../modbus/load-profile.ts'
import { pointOf, readState } from '../modbus/points.ts'
import type { ContactsProfile } from '../modbus/profile.ts'
import type { ModbusContacts } from './kind.ts'
import { spansOf } from './spans.ts'

/** One lost reply is not a lost link; unknown in time for rule S1's two seconds. */
const graceMs = 1000

export interface Input {
  readonly id: string
  readonly means: ContactMeans
  /** How long after the last reading it is unknown. */
  readonly staleAfterMs: number
  /** What the registers or bits of its range say. */
  state(values: readonly number[]): InputReport
}

/** One request on the wire and the inputs that it answers. */
export interface Reading {
  readonly range: { fc: 1 | 2 | 3 | 4; address: number; count: number }
  readonly inputs: readonly Input[]
}

export interface InputMap {
  readonly readings: readonly Reading[]
  readonly profile: ContactsProfile | null
  readonly timing: { replyMs: number; settleMs: number }
}

/** What to ask a device and how to understand it: discrete inputs by address, or the points of its profile. Pure but for the profile's file. */
export function inputMapOf(device: ModbusContacts): InputMap {
  if (device.profile === undefined)
    return {
      readings: byAddress(device),
      profile: null,
      timing: { replyMs: 300, settleMs: 300 },
    }
  const profile = loadProfile(device.profile, 'contacts')
  return { readings: byPoint(device, profile), profile, timing: timingOf(profile, device.line) }
}

function byAddress({ inputs }: ModbusContacts): Reading[] {
  const spans = spansOf(inputs.flatMap((i) => i.address ?? []))
  return spans.map((span) => ({
    range: { fc: 2, ...span },
    inputs: inputs.flatMap(({ id, means, address, activeLow }): Input[] => {
      const at = address === undefined ? -1 : address - span.address
      if (at < 0 || at >= span.count) return []
      const state = (values: readonly number[]): InputReport => {
        const bit = values[at]
        if (bit === undefined) return 'unknown'
        return (bit === 1) !== (activeLow ?? false) ? 'active' : 'clear'
      }
      return [{ id, means, staleAfterMs: graceMs, state }]
    }),
  }))
}

function byPoint({ inputs }: ModbusContacts, profile: ContactsProfile): Reading[] {
  return profile.blocks.flatMap(({ name, fc, address, count }): Reading[] => {
    if (count === 'columns') return []
    const mine = inputs.flatMap(({ id, means, point }): Input[] => {
      const found = point === undefined ? null : pointOf(profile, point)
      if (found?.block !== name) return []
      const asked = found.staleAfterMs ?? graceMs
      // What the fire input of the interlock hears may not be older (S1).
      const staleAfterMs = isFireMeans(means) ? Math.min(asked, graceMs) : asked
      return [{ id, means, staleAfterMs, state: (values) => readState(found, values) }]
    })
    return mine.length > 0 ? [{ range: { fc, address, count }, inputs: mine }] : []
  })
}
