import { api } from '@lantai/contracts'
import type { Context } from '../../context.ts'
import type { Mount } from '../../http/mount.ts'
import { checkBox, getBorrower, issueBoxes, listLoans, returnBox, undoLending } from './desk.ts'

export function mountLending(mount: Mount, ctx: Context) {
  const { lending } = api
  mount(lending.getBorrower, ({ params, person }) => getBorrower(ctx, params.card, person))
  mount(lending.checkBox, ({ body, person }) => checkBox(ctx, body, person))
  mount(lending.issueBoxes, ({ body, person }) => issueBoxes(ctx, body, person))
  mount(lending.returnBox, ({ body, person }) => returnBox(ctx, body, person))
  mount(lending.undoLending, ({ params, person }) => undoLending(ctx, params.loan, person))
  mount(lending.listLoans, ({ person }) => listLoans(ctx, person))
}
