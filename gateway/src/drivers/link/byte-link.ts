/** A stream of bytes to a device: a TCP socket or a serial port. */
export interface ByteLink {
  write(bytes: Uint8Array): void
  /** Ends it; resolves when the port is really free again. May be called twice. */
  close(): Promise<void>
}

export interface LinkHandlers {
  opened(): void
  data(chunk: Uint8Array): void
  /** Once, when opening failed or the stream was lost; never after our own `close()`. */
  closed(reason: string): void
}

/** Begins to open a link. */
export type OpenLink = (handlers: LinkHandlers) => ByteLink

export interface SerialSettings {
  path: string
  baud: number
  parity: 'none' | 'even' | 'odd'
  stopBits: 1 | 2
}

/** What a driver needs of the machine; comes in as an argument, so that rules do no I/O of their own. */
export interface DriverIo {
  tcp(host: string, port: number): OpenLink
  serial(settings: SerialSettings): OpenLink
  /** 0 ≤ n < 1. */
  random(): number
}
