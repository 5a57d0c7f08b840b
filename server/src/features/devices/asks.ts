/** What a person asks a device: one message down, one answer up, nothing kept but that it was asked. */
import { randomUUID } from 'node:crypto'
import { type DeviceAnswer, type DeviceAsk, millis } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import { DomainError } from '../../http/domain-error.ts'
import type { SignedIn } from '../../http/signed-in.ts'
import { currentNonce } from '../gateways/gateways.ts'

/** An ask holds as long as a command does (rule S4). */
const lifeMs = 5000
/** Beyond the time of the ask itself: two ways over the broker, and the end of a driver. */
const slackMs = 12_000

type Answer = DeviceAnswer['answer']
type Waiting = Map<string, (answer: Answer) => void>
const waiting = new WeakMap<Context, Waiting>()
const waitingOf = (ctx: Context): Waiting => {
  const all = waiting.get(ctx) ?? new Map()
  waiting.set(ctx, all)
  return all
}

/** Resolves with the gateway's own answer; `gateway-offline` when none comes. */
export async function askDevice(
  ctx: Context,
  gateway: string,
  what: DeviceAsk['what'],
  person: SignedIn,
): Promise<Answer> {
  const nonce = currentNonce(ctx, gateway)
  if (nonce === null) throw new DomainError('gateway-offline', gateway)
  const now = nowOf(ctx)
  const ask: DeviceAsk = {
    ...{ id: randomUUID(), gateway, what, by: person.name, nonce },
    issuedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + lifeMs).toISOString(),
  }
  await onRecord(ctx, ask, person)
  const answered = answerTo(ctx, ask)
  await ctx.mqtt.ask(ask)
  return await answered
}

function answerTo(ctx: Context, { id, gateway, what }: DeviceAsk): Promise<Answer> {
  const all = waitingOf(ctx)
  const within = millis(slackMs + (what.kind === 'test' ? what.forMs : 0))
  return new Promise((resolve, reject) => {
    const timer = ctx.clock.after(within, () => {
      all.delete(id)
      reject(new DomainError('gateway-offline', `${gateway} did not answer`))
    })
    all.set(id, (answer) => {
      timer.cancel()
      all.delete(id)
      resolve(answer)
    })
  })
}

const onRecord = (ctx: Context, { id, gateway, what }: DeviceAsk, person: SignedIn) =>
  ctx.write(async ({ ledger }) => {
    const device = what.kind === 'identify' ? what.device : what.entry.id
    ledger.add({
      event: 'device.asked',
      actor: { id: person.id, name: person.name },
      outcome: 'success',
      detail: `${gateway} · ${what.kind} · ${device}`,
      object: { gateway, ask: id, kind: what.kind, device },
    })
  })

/** Message of `res` that answers an ask; one that nobody waits for is late, and nobody's. */
export function takeAnswer(ctx: Context, _gateway: string, { ask, answer }: DeviceAnswer): void {
  waitingOf(ctx).get(ask)?.(answer)
}
