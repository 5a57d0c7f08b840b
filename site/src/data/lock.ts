import { realpathSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { Refusal, systemCode } from '../refusal.ts'

/**
 * One Lantai per data directory. The lock is an abstract socket named after the directory's inode: the kernel lets
 * go of it when we die, however we die, so it can never be stale.
 */
export async function lockDataDir(dir: string): Promise<AsyncDisposable> {
  const real = realpathSync(dir)
  const { dev, ino } = statSync(real)
  const server = createServer((socket) => socket.destroy())
  try {
    await listen(server, `\0lantai-data-${dev}-${ino}`)
  } catch (error) {
    if (systemCode(error) !== 'EADDRINUSE') throw error
    throw new Refusal(
      `另一个兰台正在使用数据目录 ${dir}`,
      `Another Lantai is using the data directory ${dir}`,
      { cause: error },
    )
  }
  server.unref()
  return {
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path }, () => resolve())
  })
}
