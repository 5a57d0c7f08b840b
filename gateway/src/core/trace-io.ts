import type { Clock, TestReport } from '@lantai/contracts'
import type { DriverIo, OpenLink } from '../drivers/link/byte-link.ts'

const mostFrames = 60
const mostLinks = 100
const shownBytes = 64

export interface Trace {
  io: DriverIo
  frames: TestReport['frames']
  links: TestReport['links']
  bytes: { device: number; us: number }
}

/**
 * The machine's links with everything that crosses them on record: the first chunks each way, and all counts. Where a
 * secret crosses in the clear, its bytes are shown as `**`.
 */
export function traceIo(inner: DriverIo, clock: Clock, secrets: readonly string[]): Trace {
  const startedAt = clock.mono()
  const afterMs = () => Math.round(clock.mono() - startedAt)
  const frames: Trace['frames'] = []
  const links: Trace['links'] = []
  const bytes = { device: 0, us: 0 }
  const frame = (to: 'device' | 'us', chunk: Uint8Array) => {
    bytes[to] += chunk.length
    if (frames.length < mostFrames)
      frames.push({ afterMs: afterMs(), to, bytes: chunk.length, hex: hexOf(chunk, secrets) })
  }
  const link = (what: TestReport['links'][number]['what'], detail: string | null) => {
    if (links.length < mostLinks)
      links.push({ afterMs: afterMs(), what, detail: detail?.slice(0, 300) ?? null })
  }
  const traced =
    (name: string, open: OpenLink): OpenLink =>
    (handlers) => {
      link('opening', name)
      const inside = open({
        opened() {
          link('opened', name)
          handlers.opened()
        },
        data(chunk) {
          frame('us', chunk)
          handlers.data(chunk)
        },
        closed(reason) {
          link('closed', reason)
          handlers.closed(reason)
        },
      })
      return {
        write(chunk) {
          frame('device', chunk)
          inside.write(chunk)
        },
        close: () => inside.close(),
      }
    }
  const io: DriverIo = {
    ...inner,
    tcp: (host, port) => traced(`tcp ${host}:${port}`, inner.tcp(host, port)),
    tls: (host, port, trust) => traced(`tls ${host}:${port}`, inner.tls(host, port, trust)),
    udp: (local, host, port) => traced(`udp ${host}:${port}`, inner.udp(local, host, port)),
    serial: (s) => traced(`serial ${s.path} ${s.baud}`, inner.serial(s)),
  }
  return { io, frames, links, bytes }
}

function hexOf(chunk: Uint8Array, secrets: readonly string[]): string {
  const all = Buffer.from(chunk)
  const hidden = new Set<number>()
  for (const secret of secrets) {
    const sought = Buffer.from(secret)
    if (sought.length === 0) continue
    for (let at = all.indexOf(sought); at >= 0; at = all.indexOf(sought, at + 1))
      for (let i = 0; i < sought.length; i++) hidden.add(at + i)
  }
  const shown = [...all.subarray(0, shownBytes)].map((b, i) =>
    hidden.has(i) ? '**' : b.toString(16).padStart(2, '0'),
  )
  return shown.join(' ')
}
