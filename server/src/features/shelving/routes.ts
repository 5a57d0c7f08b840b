import { api } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import type { Mount } from '../../http/mount.ts'
import {
  approveCommand,
  clearForbid,
  forbidMotion,
  getCommand,
  lockColumn,
  releaseBank,
  requestMotion,
  requestStop,
} from './commands.ts'
import { bankViews } from './shelving.ts'

export function mountShelving(mount: Mount, ctx: Context) {
  const { shelving } = api
  ctx.live.provide('shelving', async () => ({ banks: await bankViews(ctx) }))
  mount(shelving.listBanks, async () => ({
    banks: await bankViews(ctx),
    serverTime: nowOf(ctx).toISOString(),
  }))
  mount(shelving.requestMotion, ({ params, body, person }) =>
    requestMotion(ctx, params.bank, body, person),
  )
  mount(shelving.requestStop, ({ params, person }) => requestStop(ctx, params.bank, person))
  mount(shelving.forbidMotion, ({ params, body, person }) =>
    forbidMotion(ctx, params.bank, body.reason, person),
  )
  mount(shelving.lockColumn, ({ params, body, person }) =>
    lockColumn(ctx, params.bank, body, person),
  )
  mount(shelving.clearForbid, ({ params, body, person }) =>
    clearForbid(ctx, params.bank, body.reason, person),
  )
  mount(shelving.approveCommand, ({ params, person }) =>
    approveCommand(ctx, params.command, person),
  )
  mount(shelving.releaseBank, ({ params, body, person }) =>
    releaseBank(ctx, params.bank, body.reason, person),
  )
  mount(shelving.getCommand, ({ params }) => getCommand(ctx, params.command))
}
