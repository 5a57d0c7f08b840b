import { Closed, OneOf } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { common, hostName, words } from '../schema.ts'
import { bankFields, lacking, numbersFault } from '../shelving/place.ts'
import { highestAisle } from './frames.ts'

/** One bank behind a Stow PLC: TCP port 2000, or 2001 where 2000 is taken by another client. */
export const StowShelving = Closed({
  ...common('stow-shelving'),
  ...bankFields,
  /** Which reading of the alarm bits was confirmed on this machine, and for which software version. */
  alarms: Type.Optional(
    Closed({
      table: OneOf(['late', 'early'], words('报警位表', 'Alarm table')),
      version: Type.String({
        pattern: '^[0-9]{1,3}\\.[0-9]{1,3}$',
        ...words('软件版本', 'Software version'),
      }),
    }),
  ),
})
export type StowShelving = Static<typeof StowShelving>

export const kind: DriverKind<typeof StowShelving> = {
  driver: 'stow-shelving',
  words: { zh: 'Stow 密集架', en: 'Mobile shelving (Stow)' },
  schema: StowShelving,
  // Its aisle numbers are absolute: no side polarity, but the missing inputs are accepted on site all the same.
  facets: ({ bank, room, columns, notProvided }) => ({
    bank: { bank, room, columns, notProvided, leftIs: 'absolute' },
  }),
  claims: ({ host }) => [{ key: `${hostName(host)} (Stow PLC)`, at: 'host' }],
  check: (device) => [
    ...lacking(['occupied', 'door'], device, 'Stow'),
    ...numbersFault(device, highestAisle, 'Stow'),
  ],
  load: async () => (await import('./driver.ts')).createStowDriver,
}
