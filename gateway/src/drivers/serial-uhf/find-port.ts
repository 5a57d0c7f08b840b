import type { ByteLink, DriverIo, OpenLink, SerialSettings } from '../link/byte-link.ts'

/**
 * Opens the port of the USB adapter with this serial number, wherever it is plugged in now: its name may be another
 * after every unplugging (devices 3.5).
 */
export function openBySerialNumber(
  io: DriverIo,
  serialNumber: string,
  settings: Omit<SerialSettings, 'path'>,
): OpenLink {
  return (handlers) => {
    let link: ByteLink | null = null
    let closed = false
    async function open() {
      const ports = (await io.serialPorts?.()) ?? []
      const port = ports.find((p) => p.serialNumber === serialNumber)
      if (closed) return
      if (port) link = io.serial({ ...settings, path: port.path })(handlers)
      else handlers.closed(`no serial port with number ${serialNumber} is plugged in`)
    }
    const opening = open().catch((error: unknown) => {
      if (!closed) handlers.closed(error instanceof Error ? error.message : String(error))
    })
    return {
      write: (bytes) => link?.write(bytes),
      close: async () => {
        closed = true
        await opening
        await link?.close()
      },
    }
  }
}
