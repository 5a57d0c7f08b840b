import type {
  api,
  GatewayView,
  Quantity,
  ResponseOf,
  SensorView,
  StackLayout,
} from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import { alarmNumbers } from '../alarms/alarms.ts'
import { sensorViews } from '../climate/climate.ts'
import { gatewayViews } from '../gateways/views.ts'
import { isOnLoan, loanNumbers, openLoanBoxes } from '../lending/lending.ts'
import { banksNotReleased } from '../shelving/shelving.ts'
import { occupiedByRoom } from '../stack/occupancy.ts'
import { boxesByColumn, columnOf, currentLayout, homesOf } from '../stack/stack.ts'
import { heardElsewhere } from '../whereabouts/astray.ts'

type Overview = ResponseOf<typeof api.overview.getOverview>
type Room = Overview['rooms'][number]
type Todo = Overview['todo'][number]

/** Is everything in order, and what is to be done today. Every number is counted from rows of this moment. */
export async function overview(ctx: Context): Promise<Overview> {
  const now = nowOf(ctx)
  const [layout, loans, alarms, todo] = await Promise.all([
    currentLayout(ctx.db, ctx.site),
    loanNumbers(ctx.db, ctx.site, now),
    alarmNumbers(ctx.db, ctx.site),
    todoList(ctx),
  ])
  return {
    serverTime: now.toISOString(),
    siteLabel: layout.siteLabel,
    rooms: await roomsOf(ctx, layout),
    todo,
    issuedToday: loans.issuedToday,
    returnedToday: loans.returnedToday,
    overdue: loans.overdue,
    openAlarms: alarms.openAlarms,
  }
}

async function roomsOf(ctx: Context, layout: StackLayout): Promise<Room[]> {
  const { db, site } = ctx
  const [byColumn, lentBoxes, occupied, sensors] = await Promise.all([
    boxesByColumn(db, site),
    openLoanBoxes(db, site),
    occupiedByRoom(ctx),
    sensorViews(ctx),
  ])
  const homes = await homesOf(db, site, lentBoxes)
  const roomOf = (column: number) => columnOf(layout, column)?.bank.room
  return layout.rooms.map(({ room, label }) => ({
    room,
    label,
    boxes: byColumn.filter((c) => roomOf(c.column) === room).reduce((n, c) => n + c.boxes, 0),
    lent: [...homes.values()].filter((h) => roomOf(h.column) === room).length,
    occupied: occupied.get(room) ?? 0,
    temperature: bandOf(sensors, room, 'temperature'),
    humidity: bandOf(sensors, room, 'humidity'),
  }))
}

/** Lowest and highest of the sensors that still speak; of the silent ones only where all are silent. */
export function bandOf(
  sensors: readonly SensorView[],
  room: string,
  quantity: Quantity,
): Room['temperature'] {
  const measured = sensors
    .filter((s) => s.room === room)
    .flatMap((s) => s.gauges)
    .filter((g) => g.quantity === quantity && g.value !== null)
  const live = measured.filter((g) => !g.stale)
  const shown = live.length > 0 ? live : measured
  const [first] = shown
  if (!first) return null
  const values = shown.flatMap((g) => (g.value === null ? [] : [g.value]))
  return {
    min: Math.min(...values),
    max: Math.max(...values),
    low: first.low,
    high: first.high,
    min24h: Math.min(...shown.map((g) => g.min24h ?? g.value ?? Number.POSITIVE_INFINITY)),
    max24h: Math.max(...shown.map((g) => g.max24h ?? g.value ?? Number.NEGATIVE_INFINITY)),
    stale: live.length === 0,
  }
}

/** What waits for somebody, in the order in which to do it. Nothing to do is an empty list. */
async function todoList(ctx: Context): Promise<Todo[]> {
  const { db, site } = ctx
  const [alarms, loans, astray, gateways, held] = await Promise.all([
    alarmNumbers(db, site),
    loanNumbers(db, site, nowOf(ctx)),
    countAstray(ctx),
    gatewayViews(ctx),
    banksNotReleased(ctx),
  ])
  const todo = (kind: Todo['kind'], count: number, open: string, detail: string | null = null) => ({
    kind,
    count,
    open,
    detail,
  })
  return [
    todo('alarm', alarms.unacknowledged, '/alarms'),
    todo(
      'ledger',
      ctx.ledger.closed ? 1 : 0,
      '/settings',
      ctx.ledger.closed?.slice(0, 200) ?? null,
    ),
    todo('notReleased', held.length, '/stacks', held.join(', ').slice(0, 200)),
    todo('overdue', loans.overdue, '/desk'),
    todo('dueToday', loans.dueToday, '/desk'),
    todo('misplaced', astray, '/stacks'),
    todo('device', devicesDown(gateways), '/settings'),
    todo(
      'quarantine',
      gateways.reduce((n, g) => n + g.quarantined, 0),
      '/settings',
    ),
  ].filter((t) => t.count > 0)
}

async function countAstray(ctx: Context): Promise<number> {
  const heard = await heardElsewhere(ctx.db, ctx.site)
  return heard.length - (await isOnLoan(ctx.db, ctx.site, heard)).size
}

/** Devices that are not well, and gateways that are silent: what hangs behind those is not counted twice. */
const devicesDown = (gateways: readonly GatewayView[]): number =>
  gateways.reduce(
    (n, g) => n + (g.online ? g.devices.filter((d) => d.state !== 'online').length : 1),
    0,
  )
