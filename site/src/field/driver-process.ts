/**
 * The gateway's own driver process, under observation: it leaves its number in a file and a mark when it ends by
 * itself, and its wall clock jumps an hour to and fro with every SIGUSR2.
 */
import { closeSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const hourMs = 3_600_000
const { LANTAI_FIELD_DIR: dir = '.' } = process.env
const now = Date.now
let shiftMs = 0

Date.now = () => now() + shiftMs
process.on('SIGUSR2', () => {
  shiftMs = shiftMs > 0 ? -hourMs : hourMs
})
/** A fork inherits the ptys of every rig that stands open; one that is held here would never be seen to be pulled. */
function letGoOfPtys() {
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      if (readlinkSync(`/proc/self/fd/${fd}`) === '/dev/ptmx') closeSync(Number(fd))
    } catch (error) {
      // The number by which the list itself was read is gone again.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}

letGoOfPtys()
writeFileSync(join(dir, 'pid'), String(process.pid))
process.on('exit', (code) => writeFileSync(join(dir, 'ended'), String(code)))
await import(new URL('../../../gateway/src/core/driver-process.ts', import.meta.url).href)
