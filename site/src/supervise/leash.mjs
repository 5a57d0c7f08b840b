/**
 * Loaded with `--import` into every Node process that `site` starts: when the supervisor is gone, be it by
 * kill -9, the IPC channel closes, and the process ends as if it were asked to. No orphan keeps a port.
 */
const lastResortMs = 8_000

if (process.channel) {
  process.once('disconnect', () => {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), lastResortMs).unref()
    process.kill(process.pid, 'SIGTERM')
  })
  process.channel.unref()
}
