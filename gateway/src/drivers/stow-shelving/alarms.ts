import type { InputReport } from '../driver.ts'
import { reportOf } from '../shelving/status.ts'

export type AlarmInput = 'eStop' | 'obstacle' | 'controllerFault'

/**
 * Bits 8.0 … 9.4 in two public readings of the same reply, which disagree from 8.2 to 8.7 and in 9.3 and 9.4.
 * `late` says that it follows the maker's list of July 2025; `early` is the older one.
 */
const tables: Readonly<Record<'late' | 'early', readonly [string, AlarmInput][]>> = {
  late: [
    ['light curtain front', 'obstacle'],
    ['light curtain back', 'obstacle'],
    ['light curtain side', 'obstacle'],
    ['emergency shutdown', 'eStop'],
    ['underdrive sensor', 'obstacle'],
    ['front detection sensor', 'obstacle'],
    ['pallet detection', 'obstacle'],
    ['relay 50K1 off', 'controllerFault'],
    ['emergency button, second side', 'eStop'],
    ['underdrive sensor, second side', 'obstacle'],
    ['light curtain, second side', 'obstacle'],
    ['relay 50K2 off', 'controllerFault'],
    ['pallet detection, second side', 'obstacle'],
  ],
  early: [
    ['light curtain front', 'obstacle'],
    ['light curtain back', 'obstacle'],
    ['emergency shutdown', 'eStop'],
    ['underdrive section', 'obstacle'],
    ['light beam forward', 'obstacle'],
    ['light beam fall', 'obstacle'],
    ['contactor 50K', 'controllerFault'],
    ['alarm 8.7', 'controllerFault'],
    ['emergency shutdown, second side', 'eStop'],
    ['underdrive section, second side', 'obstacle'],
    ['light beam forward, second side', 'obstacle'],
    ['light beam fall, second side', 'obstacle'],
    ['contactor 50K, second side', 'controllerFault'],
  ],
}

export interface AlarmSetting {
  table: 'late' | 'early'
  /** The software version for which a person has confirmed the table, as the controller reports it. */
  version: string
}

export interface AlarmView {
  inputs: Record<AlarmInput, InputReport>
  words: string[]
}

/** What the alarm bits say. A version that nobody has confirmed is read only where both tables agree: no bit, no alarm. */
export function readAlarms(
  alarms: readonly boolean[],
  version: string,
  setting: AlarmSetting | undefined,
): AlarmView {
  if (setting && setting.version === version) return byTable(alarms, tables[setting.table])
  const inputs: AlarmView['inputs'] = {
    eStop: 'clear',
    obstacle: 'clear',
    controllerFault: 'clear',
  }
  const words: string[] = []
  alarms.forEach((on, i) => {
    const [late, early] = [tables.late[i], tables.early[i]]
    if (!on || !late || !early) return
    words.push(`alarm ${8 + Math.floor(i / 8)}.${i % 8}`)
    if (late[1] === early[1]) inputs[late[1]] = 'active'
    else
      for (const input of [late[1], early[1]])
        if (inputs[input] === 'clear') inputs[input] = 'unknown'
  })
  return { inputs, words }
}

function byTable(alarms: readonly boolean[], table: readonly [string, AlarmInput][]): AlarmView {
  const on = table.filter((_, i) => alarms[i])
  const has = (input: AlarmInput) => reportOf(on.some(([, of]) => of === input))
  return {
    inputs: {
      eStop: has('eStop'),
      obstacle: has('obstacle'),
      controllerFault: has('controllerFault'),
    },
    words: on.map(([word]) => word),
  }
}
