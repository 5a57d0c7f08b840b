/** The view in a process of its own: the stack is heavy, listens to strangers, and must not take the gateway with it. */
import { flushCompileCache } from 'node:module'
import { type FromView, silentMs, type ToView, type ViewSetup } from './protocol.ts'
import { ViewServer } from './server.ts'

/** A client that was just approved waits no longer than this. */
const reloadEveryMs = 5000

const setup = await new Promise<ViewSetup>((resolve) =>
  process.once('message', (m: ToView) => m.kind === 'setup' && resolve(m.setup)),
)
process.on('disconnect', () => process.exit(0))
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)

const view = await ViewServer.start(setup)
let silence = setTimeout(() => view.blank(), silentMs)
process.on('message', (m: ToView) => {
  if (m.kind === 'stop') void view[Symbol.asyncDispose]().finally(() => process.exit(0))
  if (m.kind !== 'samples') return
  clearTimeout(silence)
  silence = setTimeout(() => view.blank(), silentMs)
  view.show(m.devices)
})
setInterval(() => void view.reload(), reloadEveryMs)
const ready: FromView = { kind: 'ready', port: view.port }
process.send?.(ready)
flushCompileCache()
