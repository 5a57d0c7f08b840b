import type { Route } from '@lantai/contracts'
import type { FastifyInstance } from 'fastify'
import type { Context } from './context.ts'
import { mountAlarms } from './features/alarms/routes.ts'
import { mountBoxes } from './features/boxes/routes.ts'
import { mountClimate } from './features/climate/routes.ts'
import { mountCustody } from './features/custody/routes.ts'
import { mountDevices } from './features/devices/routes.ts'
import { mountGateways } from './features/gateways/routes.ts'
import { mountLending } from './features/lending/routes.ts'
import { mountOverview } from './features/overview/routes.ts'
import { identifier } from './features/people/people.ts'
import { mountPeople } from './features/people/routes.ts'
import { mountRecords } from './features/records/routes.ts'
import { mountShelving } from './features/shelving/routes.ts'
import { mountStack } from './features/stack/routes.ts'
import { mountWhereabouts } from './features/whereabouts/routes.ts'
import { mountDocs } from './http/docs.ts'
import { type Mount, mounter } from './http/mount.ts'
import { mountOperations } from './http/operations.ts'
import { createHttp } from './http/server.ts'

/** Every feature that has routes. */
const features: readonly ((mount: Mount, ctx: Context) => void)[] = [
  mountOperations,
  mountPeople,
  mountCustody,
  mountGateways,
  mountDevices,
  mountAlarms,
  mountBoxes,
  mountClimate,
  mountLending,
  mountOverview,
  mountRecords,
  mountShelving,
  mountStack,
  mountWhereabouts,
]

export interface App {
  http: FastifyInstance
  /** Everything that was mounted, for OpenAPI and for the test that walks it. */
  routes: readonly Route[]
}

/** The whole HTTP side, wired in one place. */
export async function createApp(ctx: Context): Promise<App> {
  const identify = identifier(ctx)
  const http = await createHttp(ctx, identify)
  const { mount, routes } = mounter(http, identify)
  for (const feature of features) feature(mount, ctx)
  mountDocs(mount, routes)
  return { http, routes }
}
