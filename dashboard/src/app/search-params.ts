/** Search parameters of the screens: what a QR or a link may hold. Anything else is dropped, never guessed. */
import { parseAddress } from '@lantai/contracts'

type Raw = Readonly<
  Partial<
    Record<
      | 'at'
      | 'box'
      | 'household'
      | 'layer'
      | 'show'
      | 'device'
      | 'bank'
      | 'mode'
      | 'from'
      | 'gateway',
      unknown
    >
  >
>
const text = (value: unknown, max = 120): string | undefined =>
  typeof value === 'string' || typeof value === 'number'
    ? String(value).slice(0, max) || undefined
    : undefined

const oneOf = <T extends string>(value: unknown, list: readonly T[]): T | undefined =>
  list.find((v) => v === value)

const compact = <T extends object>(o: T): T =>
  Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined)) as T

export interface StackSearch {
  /** `12A-3-4-2`. */
  at?: string
  /** Code of the box whose way is shown. */
  box?: string
  /** Subject whose files are shown across categories (一户式查询). */
  household?: string
  layer?: 'occupancy' | 'lent' | 'climate'
}
export function stackSearch(raw: Raw): StackSearch {
  const at = text(raw.at, 20)
  const box = text(raw.box, 10)?.toUpperCase()
  const household = text(raw.household, 36)
  const layer = oneOf(raw.layer, ['occupancy', 'lent', 'climate'] as const)
  return compact({
    ...(at && parseAddress(at) ? { at } : {}),
    ...(box && /^LT[0-9A-Z]{8}$/.test(box) ? { box } : {}),
    ...(household && /^[0-9a-f-]{36}$/.test(household) ? { household } : {}),
    ...(layer ? { layer } : {}),
  })
}

export interface AlarmSearch {
  show?: 'open' | 'history'
  device?: string
  bank?: string
}
export function alarmSearch(raw: Raw): AlarmSearch {
  const show = oneOf(raw.show, ['open', 'history'] as const)
  const device = text(raw.device, 40)
  const bank = text(raw.bank, 5)
  return { ...(show ? { show } : {}), ...(device ? { device } : {}), ...(bank ? { bank } : {}) }
}

export interface SettingsSearch {
  show?: 'health' | 'devices' | 'versions'
  gateway?: string
}
export function settingsSearch(raw: Raw): SettingsSearch {
  const show = oneOf(raw.show, ['health', 'devices', 'versions'] as const)
  const gateway = text(raw.gateway, 40)
  return { ...(show ? { show } : {}), ...(gateway ? { gateway } : {}) }
}

export interface DeskSearch {
  mode?: 'issue' | 'return' | 'ask'
  /** Code of a box to begin with. */
  box?: string
}
export function deskSearch(raw: Raw): DeskSearch {
  const mode = oneOf(raw.mode, ['issue', 'return', 'ask'] as const)
  const box = text(raw.box, 10)?.toUpperCase()
  return { ...(mode ? { mode } : {}), ...(box ? { box } : {}) }
}

export interface SignInSearch {
  /** Where to go back to: a path of this site, never another origin. */
  from?: string
}
export function signInSearch(raw: Raw): SignInSearch {
  const from = text(raw.from, 500)
  return from && isOwnPath(from) ? { from } : {}
}

/** `/stacks?at=…` but neither `//elsewhere` nor `/\elsewhere` nor the sign-in page itself. */
export const isOwnPath = (path: string): boolean =>
  /^\/(?![/\\])[^\s\\]*$/.test(path) && !path.startsWith('/sign-in')
