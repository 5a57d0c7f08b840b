import { decoders } from '@lantai/gateway'
import type { Rig } from '../rig.ts'

/** The protocol of `npm run decode` that a device's wire carries, where there is one. */
function protocolOf({ entry, standalone }: Rig): string | undefined {
  const names = Object.keys(decoders)
  const modbus = standalone.wire === 'pty' ? 'modbus-rtu' : 'modbus-tcp'
  const name = entry.driver.startsWith('modbus-') ? modbus : entry.driver
  return names.find((n) => n === name) ?? names.find((n) => standalone.name.includes(n))
}

/**
 * True when some of the spoilt bytes still are good frames of the protocol: then nobody could have known. Over TCP
 * without a checksum of its own a protocol leaves that to TCP, and so do we.
 */
export async function undetectable(rig: Rig, spoilt: readonly Uint8Array[]): Promise<boolean> {
  const load = decoders[protocolOf(rig) ?? '']
  if (!load) return rig.standalone.wire !== 'pty'
  const create = await load()
  return spoilt.some((bytes) => {
    const decoder = create()
    return [...decoder.push(bytes), ...decoder.end()].some((d) => 'message' in d)
  })
}
