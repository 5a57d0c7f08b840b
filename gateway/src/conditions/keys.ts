import { isFireMeans } from '@lantai/contracts'
import type { KnownDevice } from '../drivers/driver.ts'
import { airKeys } from './air.ts'
import { contactKeys } from './contacts.ts'

const bankKinds = ['eStop', 'controllerFault', 'obstacle', 'obstacleInMotion']

/**
 * Keys of every condition that a device of the list can have. A disabled device has none but those of its fire
 * contacts, which stay unknown and are told as such (S12).
 */
export function conditionKeys({ entry, facets }: KnownDevice): string[] {
  const { air, bank } = facets
  const contacts = facets.contacts ?? []
  const fire = contacts.flatMap(({ id, room, means }) =>
    isFireMeans(means) ? [`${means}:${id}`, `fireLinkLost:${room}`] : [],
  )
  if (entry.disabled) return fire
  return [
    ...fire,
    `deviceOffline:${entry.id}`,
    ...contacts.flatMap(({ id, means }) => (isFireMeans(means) ? [] : contactKeys(id, means))),
    ...(air ? airKeys(air) : []),
    ...(bank ? bankKinds.map((kind) => `${kind}:${bank.bank}`) : []),
  ]
}
