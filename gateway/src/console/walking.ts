import { FrozenScene } from '@lantai/contracts'
import { Type } from 'typebox'
import type { StartWalk, Walks } from '../locating/walk/walks.ts'
import { type Act, Closed } from './fields.ts'

/** A scene of the whole store, 9,231 boxes, is a little over one MiB. */
const sceneBytes = 4 * 1024 * 1024
const DeviceName = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' })
const Start = Closed({
  reader: Type.Optional(DeviceName),
  odometer: Type.Optional(DeviceName),
  startXMm: Type.Number({ minimum: -100_000, maximum: 100_000 }),
  scene: FrozenScene,
})

/** A face is counted with the cart: begun, ended, given up. Whoever is signed in may. */
export function walking(act: Act, walks: Walks) {
  const start = (req: { body: unknown }, name: string) => walks.start(req.body as StartWalk, name)
  act('/local/walks', { body: Start }, (req, me) => start(req, me.name), sceneBytes)
  act('/local/walks/finish', {}, (_req, me) => walks.finish(me.name))
  act('/local/walks/cancel', {}, (_req, me) => walks.cancel(me.name))
}
