import { enableCompileCache, flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'

// A small young generation: what the gateway makes is short-lived and small, and the machine is too.
setFlagsFromString('--semi-space-growth-factor=1')

// Compiled code of earlier starts saves some 10 MB in each of our isolates, and time. Where no place for it is given
// it lies in our own directory, which nobody else may write. Everything else is imported behind it.
const { GATEWAY_DATA_DIR: data, NODE_COMPILE_CACHE: given } = process.env
if (data && !given) {
  const cache = join(data, 'compile-cache')
  enableCompileCache(cache)
  Object.assign(process.env, { NODE_COMPILE_CACHE: cache })
}

const { run } = await import('./run.ts')
try {
  const { port } = await run(process.env, (list) => process.send?.({ list }))
  process.send?.({ ready: true, port })
} catch (error) {
  process.stderr.write(`gateway: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
flushCompileCache()
