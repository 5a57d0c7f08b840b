/** The screens that exist, in the order of the rail and of `g` + digit. A role sees what it may open. */
import { type Access, api, type Me } from '@lantai/contracts'
import { allows } from '../lib/session.ts'

export interface Screen {
  readonly id: 'overview' | 'stack' | 'desk' | 'alarms' | 'settings'
  readonly to: '/' | '/stacks/{-$room}' | '/desk' | '/alarms' | '/settings'
  readonly access: Access
}

export const screens: readonly Screen[] = [
  { id: 'overview', to: '/', access: api.overview.getOverview.access },
  { id: 'stack', to: '/stacks/{-$room}', access: api.stack.getLayout.access },
  { id: 'desk', to: '/desk', access: api.lending.getBorrower.access },
  { id: 'alarms', to: '/alarms', access: api.alarms.listAlarms.access },
  { id: 'settings', to: '/settings', access: api.gateways.getHealth.access },
]

export const screensOf = (me: Me | null): readonly Screen[] =>
  screens.filter((s) => allows(me, s.access))

/** Where a person lands who asked for nothing in particular. */
export const homeOf = (me: Me | null): Screen['to'] => screensOf(me)[0]?.to ?? '/settings'
