import { type Static, Type } from 'typebox'
import { Closed, Nullable, OneOf, Text } from './schema.ts'

/** P1 紧急, P2 重要, P3 一般. */
export const Priority = Type.Unsafe<1 | 2 | 3>({ type: 'integer', enum: [1, 2, 3] })
export type Priority = Static<typeof Priority>

/** What an alarm is about. The texts belong to the screens, by kind. */
export const conditionKinds = [
  'fire',
  'fireLinkLost',
  'smoke',
  'water',
  'intrusion',
  'doorOpen',
  'tamper',
  'batteryLow',
  'detectorFault',
  'contactLost',
  'humidityHigh',
  'humidityLow',
  'temperatureHigh',
  'temperatureLow',
  'sensorSilent',
  'deviceOffline',
  'obstacle',
  'eStop',
  'controllerFault',
  'unlentAtDoor',
  'tagInTwoPlaces',
  'storageFull',
  'clockSuspect',
  'gatewayOffline',
  'gatewayReplaced',
  'gatewayFork',
  'ledgerInconsistent',
] as const
export const ConditionKind = OneOf(conditionKinds)
export type ConditionKind = Static<typeof ConditionKind>

/** Conditions that stay until they are reset on site by a named person (rule S8). */
export const latchingKinds: readonly ConditionKind[] = ['fire', 'smoke']

/** Something with a place: at most one of the address parts is set, the nearest one that is known. */
export const Where = Closed({
  room: Nullable(Text(10)),
  bank: Nullable(Text(10)),
  device: Nullable(Text(40)),
  box: Nullable(Text(40)),
  label: Nullable(Text(120)),
})
export type Where = Static<typeof Where>

/**
 * ISA-18.2 states as OPC UA Part 9 models them (ux 4.6): `unacknowledged` and `acknowledged` with the condition
 * present, `returnedUnacknowledged` without it; `latched` stays until reset on site; `closed` is history.
 */
export const AlarmState = OneOf([
  'unacknowledged',
  'acknowledged',
  'returnedUnacknowledged',
  'latched',
  'closed',
])
export type AlarmState = Static<typeof AlarmState>
