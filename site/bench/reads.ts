/** Tag reads from the socket of a reader to the gateway's disk, and the memory that many readers and sensors take. */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { DeviceEntry } from '@lantai/contracts'
import { contest, type Figure } from './figure.ts'
import { Bench, GatewayAlone } from './gateway-alone.ts'
import { peakMemory } from './memory.ts'

const lookEveryMs = 20
const giveUpMs = 120_000
/** Bytes of a sighting in the store, near enough. */
const recordBytes = 420

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const hex = (n: number) => n.toString(16).padStart(6, '0').toUpperCase()

async function until(done: () => Promise<boolean>) {
  const end = performance.now() + giveUpMs
  while (!(await done())) {
    if (performance.now() > end) throw new Error('it did not come to an end')
    await pause(lookEveryMs)
  }
}

/**
 * Distinct tags, each read once: every read is a record of its own, and none can be folded. The reader speaks LLRP
 * over TCP; the end is when the outbox holds them after fsync. Peer: the same bytes appended to a file, one record and
 * one fdatasync at a time; what grouped appends reach is in the detail, for the outbox groups too.
 */
export async function socketToDisk(reads: number, rounds: number): Promise<Figure[]> {
  await using devices = new Bench()
  const reader = await devices.add('llrp-reader', (e) => ({ ...e, id: 'reader-1' }))
  await using gateway = await GatewayAlone.start(devices.entries)
  await until(async () => (await gateway.backlog('reads')) > 0)
  const grouped: number[] = []
  const figure = await contest({
    name: 'socket-to-disk',
    meaning:
      'tag reads per second from the socket to the fsynced outbox / append + fdatasync of one record',
    aim: { atLeast: 0.5 },
    rounds,
    product: async (round) => {
      const before = await gateway.backlog('reads')
      const began = performance.now()
      const burst = {
        antenna: 1,
        firstEpc: `3500000000${hex(round)}${'0'.repeat(8)}`,
        count: reads,
        perSecond: 20_000,
      }
      await reader.send({ type: 'burst', burst })
      await until(async () => (await gateway.backlog('reads')) - before >= reads)
      const perSecond = (reads * 1000) / (performance.now() - began)
      // The tags leave three seconds later, which are records too: not in the next round's time.
      await until(async () => (await gateway.backlog('reads')) - before >= 2 * reads)
      return perSecond
    },
    peer: async () => {
      grouped.push(await appendRate(gateway.dir, 200))
      return await appendRate(gateway.dir, 1)
    },
    detail: () => ({
      unit: 'reads/s',
      readsPerRound: reads,
      appendOf200: Math.round(Math.max(...grouped)),
      generator: 'a simulated reader on the same two cores, 20,000/s at most',
    }),
  })
  return [figure]
}

/** Records a second that a bare file takes, `group` of them for each fdatasync. */
async function appendRate(dir: string, group: number): Promise<number> {
  const path = join(dir, 'append.bench')
  const fd = openSync(path, 'w')
  const bytes = Buffer.alloc(recordBytes * group, 'x')
  const began = performance.now()
  let n = 0
  while (performance.now() - began < 1500) {
    writeSync(fd, bytes)
    fdatasyncSync(fd)
    n += group
  }
  const perSecond = (n * 1000) / (performance.now() - began)
  closeSync(fd)
  rmSync(path)
  return perSecond
}

const readers = 4
const readsPerSecond = 1000
const lines = 16

/** Four readers of 1,000 reads a second each and 64 air sensors, for so many seconds. */
export async function busyMemory(seconds: number): Promise<Figure[]> {
  await using devices = new Bench()
  const hosts: Awaited<ReturnType<Bench['add']>>[] = []
  for (let i = 1; i <= readers; i++)
    hosts.push(await devices.add('llrp-reader', (e) => ({ ...e, id: `reader-${i}` })))
  for (let i = 1; i <= lines; i++) await devices.add('modbus-air', (e) => ofLine(e, i))
  await using gateway = await GatewayAlone.startAgain(devices.entries)
  await until(async () => (await gateway.backlog('telemetry')) > 0)
  const figures = await peakMemory(
    [{ name: 'gateway-busy', pid: () => gateway.pid, aimMb: 200 }],
    async () => {
      const count = readsPerSecond * seconds
      for (const [i, host] of hosts.entries()) {
        const firstEpc = `36000000${hex(i)}${'0'.repeat(10)}`
        const burst = { antenna: 1, firstEpc, count, perSecond: readsPerSecond }
        await host.send({ type: 'burst', burst })
      }
      await pause(seconds * 1000)
      await until(async () => (await gateway.backlog('reads')) >= readers * count)
    },
  )
  return figures.map((f) => ({
    ...f,
    meaning:
      'peak PSS of the gateway tree with 4 readers × 1,000 distinct reads/s and 64 sensors / the aim',
    detail: { ...f.detail, seconds },
  }))
}

/** One RS-485 line of four sensors, with names of its own. */
function ofLine(entry: DeviceEntry, line: number): DeviceEntry {
  const line8 = entry as DeviceEntry & { units: { id: string; unit: number }[] }
  const units = line8.units.map((u) => ({
    ...u,
    id: `line-${line}-${u.unit}`,
  }))
  return { ...entry, id: `air-${line}`, everyMs: 1000, units }
}
