/**
 * Loaded with `--import` into every Node process that `site` starts: when the supervisor is gone, be it by
 * kill -9, the IPC channel closes, and the process ends as if it were asked to. No orphan keeps a port.
 */
const lastResortSeconds = 8

/** From outside: a process that hangs in its own exit runs no timer of its own any more. */
async function endForCertain() {
  const { spawn } = await import('node:child_process')
  const command = `sleep ${lastResortSeconds}; kill -9 ${process.pid}`
  spawn('/bin/sh', ['-c', command], { detached: true, stdio: 'ignore' }).unref()
  process.kill(process.pid, 'SIGTERM')
}

if (process.channel) {
  process.once('disconnect', endForCertain)
  process.channel.unref()
}
