import { columnOf } from '../shelving/place.ts'
import { type BankStatus, modeOf, nothingKnown, reportOf } from '../shelving/status.ts'
import { readAlarms } from './alarms.ts'
import type { StowReply } from './frames.ts'
import type { StowShelving } from './kind.ts'

/** Turns a reply into what was observed; what the controller does not say stays `unknown` (rule S6). Pure. */
export function observe(device: StowShelving, r: StowReply): BankStatus {
  const { flags, errors } = r
  const alarm = readAlarms(r.alarms, r.version, device.alarms)
  const failing = errors.driveCode !== 0 || errors.trolleyCode !== 0
  const aisle = openAisleOf(device, r)
  return {
    uptimeS: null,
    inputs: {
      link: 'clear',
      ...alarm.inputs,
      ...(failing ? { controllerFault: 'active' as const } : {}),
      // A truck inside is somebody inside; a count of none says nothing about people on foot.
      occupied: r.forkliftsInside > 0 ? 'active' : 'unknown',
      // It has no forbid to set; an installation that is not released moves as little.
      forbid: reportOf(!flags.released),
      manual: reportOf(flags.manual || !flags.auto),
      night: reportOf(flags.night),
      power: reportOf(!flags.power),
    },
    observed: {
      ...nothingKnown(device),
      mode: flags.auto || flags.manual ? modeOf(flags.manual, flags.night) : 'unknown',
      motion: flags.moving ? 'moving' : 'still',
      openAisle: aisle.column,
      faults: [
        ...alarm.words,
        ...(errors.driveCode ? [`drive ${errors.drive} error ${errors.driveCode}`] : []),
        ...(errors.trolleyCode ? [`trolley ${errors.trolley} error ${errors.trolleyCode}`] : []),
        ...aisle.faults,
      ].slice(0, 20),
    },
  }
}

/** The last opened aisle counts while everything stands in automatic and no other one is on its way. */
function openAisleOf(device: StowShelving, r: StowReply) {
  const { flags, lastOpenAisle: last, requestedAisle: asked } = r
  const settled = !flags.moving && flags.auto && !flags.manual && flags.power
  const onItsWay = asked !== 0 && asked !== last
  if (last === 0 || !settled || onItsWay) return { column: null, faults: [] }
  const column = columnOf(device, last)
  return { column, faults: column === null ? [`unknown aisle ${last} in place`] : [] }
}
