import type { CreateDriver } from '../driver.ts'
import { systemIo } from '../link/system-io.ts'
import { MqttReader } from '../mqtt/reader.ts'
import { understandImpinj } from './frames.ts'
import type { ImpinjIot } from './kind.ts'

/** One reader of Impinj's IoT device interface. Read-only: its preset is made on the reader. */
export const createImpinjDriver: CreateDriver<typeof ImpinjIot> = (device, deps, io = systemIo) =>
  new MqttReader({
    device,
    deps,
    io,
    understand: (payload) => understandImpinj(payload, device.phaseUnit ?? 'none'),
  })
