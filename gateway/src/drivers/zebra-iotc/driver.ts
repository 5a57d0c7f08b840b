import type { CreateDriver } from '../driver.ts'
import { systemIo } from '../link/system-io.ts'
import { MqttReader } from '../mqtt/reader.ts'
import { EventNumbers } from './event-numbers.ts'
import { understandZebra } from './frames.ts'
import type { ZebraIotc } from './kind.ts'

/** One reader with Zebra's IoT Connector. Read-only: its mode is set on the reader. */
export const createZebraDriver: CreateDriver<typeof ZebraIotc> = (device, deps, io = systemIo) => {
  // Outlives a lost broker, so that what was missed meanwhile is counted.
  const numbers = new EventNumbers()
  return new MqttReader({
    device,
    deps,
    io,
    understand: (payload) => understandZebra(payload, device.phaseUnit ?? 'none', numbers),
  })
}
