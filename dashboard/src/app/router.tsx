/** Routes with typed search parameters. Each screen is a chunk of its own. */
import { api } from '@lantai/contracts'
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { queryClient } from '../lib/query.ts'
import { allows, meQuery, useMe } from '../lib/session.ts'
import { CrashPage } from './crash-page.tsx'
import { ForbiddenPage } from './forbidden-page.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { homeOf, type Screen, screens } from './screens.ts'
import {
  alarmSearch,
  deskSearch,
  settingsSearch,
  signInSearch,
  stackSearch,
} from './search-params.ts'

const rootRoute = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
})

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('../features/sign-in/sign-in-page.tsx'), 'SignInPage'),
})

/** Everything behind the sign-in: shell, feeds, shortcuts. */
const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: async ({ location }) => {
    const me = await queryClient.ensureQueryData(meQuery)
    if (!me) throw redirect({ to: '/sign-in', search: { from: location.href } })
    // The overview belongs to the staff; an officer's first page is the one that he may open.
    if (location.pathname === '/' && homeOf(me) !== '/') throw redirect({ to: homeOf(me) })
  },
  component: lazyRouteComponent(() => import('./shell.tsx'), 'Shell'),
})

type Lazy = ReturnType<typeof lazyRouteComponent>

/** Draws the forbidden page in the shell instead of a screen that the server would refuse to fill. */
function guarded(id: Screen['id'], Inner: Lazy): Lazy {
  // A screen that is not on the list is nobody's (default deny).
  const access = screens.find((s) => s.id === id)?.access ?? api.operations.metrics.access
  const Guarded = () => (allows(useMe(), access) ? <Inner /> : <ForbiddenPage access={access} />)
  return Object.assign(Guarded, { preload: Inner.preload }) as unknown as Lazy
}

export const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  component: guarded(
    'overview',
    lazyRouteComponent(() => import('../features/overview/overview-screen.tsx'), 'OverviewScreen'),
  ),
})
/** `/stacks/R1?at=12A-3-4-2` is what the QR at a column's end holds. */
export const stackRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/stacks/{-$room}',
  validateSearch: stackSearch,
  component: guarded(
    'stack',
    lazyRouteComponent(() => import('../features/stack/stack-screen.tsx'), 'StackScreen'),
  ),
})
export const deskRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/desk',
  validateSearch: deskSearch,
  component: guarded(
    'desk',
    lazyRouteComponent(() => import('../features/desk/desk-screen.tsx'), 'DeskScreen'),
  ),
})
export const alarmsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/alarms',
  validateSearch: alarmSearch,
  component: guarded(
    'alarms',
    lazyRouteComponent(() => import('../features/alarms/alarms-screen.tsx'), 'AlarmsScreen'),
  ),
})
export const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  validateSearch: settingsSearch,
  component: guarded(
    'settings',
    lazyRouteComponent(() => import('../features/setup/setup-screen.tsx'), 'SetupScreen'),
  ),
})

/** Also what does not exist is told inside the shell: fire and alarms stay in sight. */
const nowhereRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/$',
  component: NotFoundPage,
})

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    shellRoute.addChildren([
      overviewRoute,
      stackRoute,
      deskRoute,
      alarmsRoute,
      settingsRoute,
      nowhereRoute,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: CrashPage,
  defaultNotFoundComponent: NotFoundPage,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
