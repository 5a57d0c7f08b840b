import { Closed, type InterlockInput } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { common, hostName, words } from '../schema.ts'
import { bankFields, LeftIs, lacking, numbersFault } from '../shelving/place.ts'
import { highestNumber } from './frames.ts'

/** One bank behind an IMS controller: ASCII commands over TCP, each on a short connection of its own. */
export const ImsShelving = Closed({
  ...common('ims-shelving'),
  ...bankFields,
  /** First number of a frame; taken as that of the bank. */
  number: Type.Integer({ minimum: 0, maximum: highestNumber, ...words('库区编号', 'Bank number') }),
  leftIs: LeftIs,
})
export type ImsShelving = Static<typeof ImsShelving>

/** It reports nothing at all: not even whether it moves. */
const cannotGive: readonly InterlockInput[] = [
  'eStop',
  'obstacle',
  'occupied',
  'door',
  'manual',
  'night',
  'controllerFault',
  'power',
  'otherAisle',
]

export const kind: DriverKind<typeof ImsShelving> = {
  driver: 'ims-shelving',
  words: { zh: 'IMS 密集架', en: 'Mobile shelving (IMS)' },
  schema: ImsShelving,
  facets: ({ bank, room, columns, notProvided, leftIs }) => ({
    bank: { bank, room, columns, notProvided, leftIs: leftIs ?? 'unset' },
  }),
  claims: ({ host, port, number }) => [
    { key: `${hostName(host)}:${port} bank ${number}`, at: 'host' },
  ],
  check: (device) => [
    ...lacking(cannotGive, device, 'IMS'),
    ...numbersFault(device, highestNumber, 'IMS'),
  ],
  load: async () => (await import('./driver.ts')).createImsDriver,
}
