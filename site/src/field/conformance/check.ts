import type { ToDevice } from '@lantai/firmware-sim'
import type { DriverEvent } from '@lantai/gateway'
import { systemClock } from '../../system-clock.ts'
import { Rig, type RigOptions, roundOfHappenings } from '../rig.ts'
import { Seeded } from '../seeded.ts'
import { isData } from '../tape.ts'
import { type CheckContext, type Measured, pause, promiseMs } from './case.ts'
import { cases } from './cases.ts'
import { Told } from './told.ts'

export interface CheckOptions extends Pick<RigOptions, 'edit'> {
  readonly seed: string
  readonly timed: boolean
  readonly brief: boolean
  /** Names of cases; all of them otherwise. */
  readonly only?: readonly string[]
  readonly said?: (result: CheckResult) => void
}

export interface CheckResult extends Measured {
  readonly device: string
  readonly name: string
  readonly zh: string
  readonly notRun?: string
}

/** Puts one device's driver through every case, in order, on a rig of its own. */
export async function checkDevice(device: string, options: CheckOptions): Promise<CheckResult[]> {
  await using rig = await Rig.open(device, options)
  await rig.well()
  return await checkOn(rig, await learn(rig), options)
}

/** The same on a rig that stands and is well. */
export async function checkOn(
  rig: Rig,
  told: Told,
  { timed, brief, ...options }: CheckOptions,
): Promise<CheckResult[]> {
  const context: CheckContext = { rig, told, timed, brief, rng: new Seeded(options.seed) }
  const results: CheckResult[] = []
  for (const one of cases) {
    if (options.only && !options.only.includes(one.name)) continue
    const { name, zh } = one
    const device = rig.standalone.name
    const because = one.notFor?.(rig) ?? (brief && one.long?.(rig) ? 'takes a minute' : null)
    const measured = because === null ? await one.run(context) : { wrong: [], notRun: because }
    const result = { device, name, zh, ...measured }
    options.said?.(result)
    results.push(result)
  }
  return results
}

/** What the device shows when nothing is wrong: one round of what happens there, and a few readings at the least. */
export async function learn(rig: Rig): Promise<Told> {
  const told = new Told()
  const until = systemClock.mono() + (rig.standalone.again ? roundOfHappenings * 500 + 1500 : 0)
  for (let n = 0; n < 3; n++) await rig.tape.next(rig.tape.mark(), isData, promiseMs(rig))
  while (systemClock.mono() < until) await pause(50)
  told.learn(rig.tape.all.map((t) => t.event))
  // A reader that gives its last scan alone may not have come to some of the tags that lie in its field.
  told.learn(rig.standalone.first.flatMap(tagsPlaced))
  return told
}

function tagsPlaced(message: ToDevice): DriverEvent[] {
  if (message.type !== 'field') return []
  const reads = message.tags.map(({ epc }) => ({ epc, antenna: 1, count: 1 }))
  return [{ kind: 'tags', device: '', reads }]
}
