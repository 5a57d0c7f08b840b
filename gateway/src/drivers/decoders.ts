import type { CreateDecoder } from './decode.ts'

/** Every protocol that `npm run decode` reads, by the name that is typed. A new one is one line. */
export const decoders: Readonly<Record<string, () => Promise<CreateDecoder>>> = {
  llrp: async () => (await import('./llrp/decode.ts')).createLlrpDecoder,
  'modbus-rtu': async () => (await import('./modbus/decode.ts')).createModbusRtuDecoder,
  m100: async () => (await import('./serial-uhf/decode.ts')).decoderOf('m100'),
  chafon: async () => (await import('./serial-uhf/decode.ts')).decoderOf('chafon'),
  cf600: async () => (await import('./serial-uhf/decode.ts')).decoderOf('cf600'),
  thingmagic: async () => (await import('./serial-uhf/decode.ts')).decoderOf('thingmagic'),
  invelion: async () => (await import('./serial-uhf/decode.ts')).decoderOf('invelion'),
  'impinj-json': async () => (await import('./impinj-iot/decode.ts')).impinjJson,
  'zebra-json': async () => (await import('./zebra-iotc/decode.ts')).zebraJson,
  espa: async () => (await import('./espa/decode.ts')).espaDecoder,
  ims: async () => (await import('./ims-shelving/decode.ts')).createDecoder,
  mjj: async () => (await import('./mjj-shelving/decode.ts')).createDecoder,
  stow: async () => (await import('./stow-shelving/decode.ts')).createDecoder,
}
