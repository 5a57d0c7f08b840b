/** Which test files belong together. A file is in one group only, by its name and place. */
export const workspaces = [
  'contracts',
  'gateway',
  'server',
  'firmware-sim',
  'dashboard',
  'site',
] as const

export const groupNames = ['unit', 'db', 'peers', 'field', 'site'] as const
export type GroupName = (typeof groupNames)[number]

export interface Group {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** Files side by side; a whole store at a time is enough for a small machine. */
  readonly parallel: boolean
  /** How many of them, where they wait more than they work; else one a core. */
  readonly side?: number
  /** Watchdog of one test and one hook. It ends what hangs and judges nothing. */
  readonly watchdogMs: number
}

/** Parts on one wire, that mostly wait for each other; without those that have a whole store each. */
const parts = [
  'site/src/field/!(config|rounds).site.test.ts',
  'site/src/field/*/**/*.site.test.ts',
  'site/src/tools/**/*.site.test.ts',
  'site/src/broker/!(mosquitto).site.test.ts',
]

const of = (pattern: string) => workspaces.map((w) => `${w}/${pattern}`)
const ext = '{ts,tsx}'

export const groups: Readonly<Record<GroupName, Group>> = {
  unit: {
    include: [...of(`src/**/*.test.${ext}`), 'site/bench/**/*.test.ts'],
    exclude: ['**/*.db.test.ts', '**/*.site.test.ts', '**/peers/**'],
    parallel: true,
    watchdogMs: 120_000,
  },
  db: { include: of('src/**/*.db.test.ts'), exclude: [], parallel: true, watchdogMs: 180_000 },
  peers: {
    include: [...of('peers/**/*.test.ts'), ...of('src/**/peers/**/*.test.ts')],
    exclude: [],
    parallel: false,
    watchdogMs: 180_000,
  },
  field: { include: parts, exclude: [], parallel: true, side: 5, watchdogMs: 600_000 },
  site: {
    include: ['site/src/**/*.site.test.ts', 'site/journeys/*.journey.ts'],
    exclude: parts,
    parallel: false,
    watchdogMs: 600_000,
  },
}
