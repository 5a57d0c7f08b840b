import type { SerialPort } from 'serialport'
import type { ByteLink, LinkHandlers, OpenLink, SerialSettings } from './byte-link.ts'

/** A serial port, 8 data bits. The native package is loaded only by a driver that has such a line. */
export function openSerial(settings: SerialSettings): OpenLink {
  return (handlers) => new SerialLink(settings, handlers)
}

/** What is plugged in now. */
export const listSerial = async () => (await import('serialport')).SerialPort.list()

class SerialLink implements ByteLink {
  readonly #handlers: LinkHandlers
  readonly #opening: Promise<SerialPort | null>
  #port: SerialPort | null = null
  #done = false

  constructor(settings: SerialSettings, handlers: LinkHandlers) {
    this.#handlers = handlers
    this.#opening = this.#open(settings)
  }

  write(bytes: Uint8Array) {
    if (!this.#done) this.#port?.write(Buffer.from(bytes))
  }

  async close() {
    this.#done = true
    const port = await this.#opening
    if (!port?.isOpen) return
    await new Promise<void>((resolve) => port.close(() => resolve()))
  }

  async #open(settings: SerialSettings): Promise<SerialPort | null> {
    try {
      const { SerialPort } = await import('serialport')
      const port = new SerialPort({
        path: settings.path,
        baudRate: settings.baud,
        parity: settings.parity,
        stopBits: settings.stopBits,
        dataBits: 8,
        autoOpen: false,
      })
      port.on('data', (chunk: Buffer) => {
        if (!this.#done) this.#handlers.data(chunk)
      })
      port.on('error', (error) => this.#lost(error.message))
      port.on('close', () => this.#lost('the serial port was closed'))
      await new Promise<void>((resolve, reject) =>
        port.open((error) => (error ? reject(error) : resolve())),
      )
      this.#port = port
      if (!this.#done) this.#handlers.opened()
      return port
    } catch (error) {
      this.#lost(error instanceof Error ? error.message : String(error))
      return null
    }
  }

  #lost(reason: string) {
    if (this.#done) return
    this.#done = true
    this.#handlers.closed(reason)
  }
}
