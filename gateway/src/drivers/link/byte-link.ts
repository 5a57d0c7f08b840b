/**
 * A stream of bytes to a device: a TCP or TLS socket or a serial port. Over UDP every chunk and every write is one
 * datagram.
 */
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

/** What a TLS peer is checked against: its certificate itself, or the authority that signed it. PEM. */
export interface TlsTrust {
  /** PEM of certificates that are trusted; nothing else is, the machine's own list included. */
  ca: string
  /** Client certificate and key, where the device asks for them. */
  cert?: string
  key?: string
  /** Name that the certificate must carry, where it is not the host. */
  servername?: string
}

/** What a driver needs of the machine; comes in as an argument, so that rules do no I/O of their own. */
export interface DriverIo {
  tcp(host: string, port: number): OpenLink
  tls(host: string, port: number, trust: TlsTrust): OpenLink
  /** Hears only that host and port; `localPort` 0 is any. `opened` says that the port is bound, not that anybody is there. */
  udp(localPort: number, host: string, port: number): OpenLink
  serial(settings: SerialSettings): OpenLink
  /** Serial ports that are plugged in now; the number is that of their USB adapter. */
  serialPorts?(): Promise<{ path: string; serialNumber?: string | undefined }[]>
  /** 0 ≤ n < 1. */
  random(): number
}
