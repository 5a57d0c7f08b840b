/**
 * Every parser of ours that is fed with what others sent or wrote, by name: what `npm run torture -- fuzz` puts
 * nonsense into. A parser gives a result or says in a value why there is none; where it is documented to throw one
 * kind of error, that kind is caught here and nothing else.
 */
import { type EpcProfile, encodeEpc, parseTid, readTag } from '@lantai/contracts'
import { decoders } from './drivers/decoders.ts'

export interface Parser {
  readonly name: string
  /** Files of contracts/vectors that are like its input; none: text of its own. */
  readonly vectors: readonly string[]
  /** `pieces` are one input, split somewhere. What comes out must not depend on where, unless `whole`. */
  parse(pieces: readonly Uint8Array[]): unknown
  /** Takes messages that have borders: pieces are put together first. */
  readonly whole?: true
}

const vectorsOf: Readonly<Record<string, string>> = {
  'modbus-rtu': 'modbus',
  'modbus-tcp': 'modbus',
  m100: 'serial-uhf',
  chafon: 'serial-uhf',
  cf600: 'serial-uhf',
  thingmagic: 'serial-uhf',
  invelion: 'serial-uhf',
  'impinj-json': 'mqtt-json',
  'zebra-json': 'mqtt-json',
}

async function decoderParsers(): Promise<Parser[]> {
  return await Promise.all(
    Object.entries(decoders).map(async ([name, load]) => {
      const create = await load()
      return {
        name: `decode-${name}`,
        vectors: [vectorsOf[name] ?? name],
        parse: (pieces: readonly Uint8Array[]) => {
          const decoder = create()
          return [...pieces.flatMap((p) => decoder.push(p)), ...decoder.end()]
        },
      }
    }),
  )
}

const message = (
  name: string,
  vectors: readonly string[],
  parse: (bytes: Uint8Array) => unknown,
): Parser => ({
  name,
  vectors,
  whole: true,
  parse: (pieces) => parse(Buffer.concat(pieces)),
})
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

/** What `job` gives, or the error of the one documented kind. */
function orThrown(kind: new (...args: never[]) => Error, job: () => unknown): unknown {
  try {
    return job()
  } catch (error) {
    if (error instanceof kind) return error.message
    throw error
  }
}

async function frameParsers(): Promise<Parser[]> {
  const llrp = await import('./drivers/llrp/frames.ts')
  const { LlrpFormatError } = await import('./drivers/llrp/bytes.ts')
  const modbus = await import('./drivers/modbus/frames.ts')
  const pdu = await import('./drivers/modbus/pdu.ts')
  const example = await import('./drivers/example/frames.ts')
  return [
    {
      name: 'llrp-driver',
      vectors: ['llrp'],
      parse: (pieces) => {
        const framer = new llrp.Framer()
        const frames: unknown[] = []
        const push = (p: Uint8Array) =>
          framer.push(p).map((f) => frames.push(llrp.decodeMessage(f)))
        orThrown(LlrpFormatError, () => pieces.forEach(push))
        // Where it gives up it keeps nothing of that chunk, so what comes out depends on the split.
        return null
      },
    },
    message('modbus-rtu-frame', ['modbus'], (b) => modbus.rtu.scan(b)),
    message('modbus-tcp-frame', ['modbus'], (b) => modbus.tcp.scan(b)),
    message('modbus-pdu', ['modbus'], (b) => [
      pdu.decodeRequest(b),
      pdu.decodeReply({ fc: 4, address: 1, count: 2 }, b),
      pdu.decodeReply({ fc: 2, address: 0, count: 8 }, b),
    ]),
    {
      name: 'example-driver',
      vectors: [],
      parse: (pieces) => {
        const lines = new example.Lines()
        return pieces.flatMap((p) => lines.push(p)).map(example.readLine)
      },
    },
  ]
}

async function messageParsers(): Promise<Parser[]> {
  const impinj = await import('./drivers/impinj-iot/frames.ts')
  const zebra = await import('./drivers/zebra-iotc/frames.ts')
  const { EventNumbers } = await import('./drivers/zebra-iotc/event-numbers.ts')
  const zigbee = await import('./drivers/zigbee2mqtt/frames.ts')
  const { modelNames, modelOf } = await import('./drivers/zigbee2mqtt/models.ts')
  const signed = await import('./uplink/signed.ts')
  const sparkplug = await import('./outlets/sparkplug/payload.ts')
  const json = ['mqtt-json']
  return [
    message('impinj-mqtt', json, (b) => impinj.understandImpinj(b, 'degrees')),
    message('zebra-mqtt', json, (b) => zebra.understandZebra(b, 'degrees', new EventNumbers())),
    message('zigbee-mqtt', json, (b) => [
      zigbee.parseOnline(b),
      ...modelNames.map((m) => zigbee.parseState(b, modelOf(m))),
    ]),
    message('uplink-mqtt', json, signed.parse),
    message('sparkplug-command', ['sparkplug'], sparkplug.namesSetTrue),
  ]
}

async function textParsers(): Promise<Parser[]> {
  const { loadDevices } = await import('./core/device-file.ts')
  const { parseProfile, ProfileError } = await import('./drivers/modbus/load-profile.ts')
  return [
    message('device-file', [], (b) => loadDevices(text(b))),
    message('modbus-profile', [], (b) =>
      orThrown(ProfileError, () => parseProfile(text(b), 'fuzz')),
    ),
  ]
}

/** An archive's own numbering, so that both ways of reading a tag are tried. */
const numbering: EpcProfile = {
  name: 'fuzz',
  words: 6,
  match: { prefix: 'A1' },
  fields: [
    { name: 'serial', at: 8, bits: 56, as: 'text' },
    { name: 'lot', at: 64, bits: 32, as: 'number' },
  ],
  box: 'LT{serial}*',
}

function tag(hex: string, pcWord: number | null): unknown {
  const reading = readTag(hex, pcWord, [numbering])
  // What was understood must be all that was there.
  if (reading.kind === 'gs1' && encodeEpc(reading.epc) !== hex.toUpperCase())
    throw new Error(`${hex} was read as another number`)
  return reading
}

async function tagParsers(): Promise<Parser[]> {
  const autoId = await import('./drivers/opcua-autoid/frames.ts')
  const { tagReads } = await import('./drivers/opcua-autoid/tag-read.ts')
  return [
    message('epc', ['epc'], (b) => {
      const hex = Buffer.from(b).toString('hex')
      const word = b.length > 1 ? Buffer.from(b).readUInt16BE(0) : null
      const [given, written] = [hex, text(b)].map((h) => [tag(h, null), tag(h, word), parseTid(h)])
      return [given, written]
    }),
    message('autoid-body', ['opcua-autoid'], (b) => {
      const scan = autoId.decodeScanResult(b)
      return [scan, scan.ok ? tagReads(scan.result) : null, autoId.decodeScanData(b)]
    }),
  ]
}

async function espaParsers(): Promise<Parser[]> {
  const { EspaScanner, encodings, readBlock } = await import('./drivers/espa/frames.ts')
  const { Calls } = await import('./drivers/espa/calls.ts')
  return [
    {
      name: 'espa-driver',
      vectors: ['espa'],
      parse: (pieces) => {
        const scanner = new EspaScanner()
        const calls = new Calls([{ id: 'fire', priority: '1' }])
        return pieces
          .flatMap((p) => scanner.push(p))
          .map((piece) => {
            if (piece.kind !== 'block') return piece
            const messages = encodings.map((e) => readBlock(piece.body, e))
            return messages.map((m) => [m, m && calls.take(m)])
          })
      },
    },
  ]
}

export async function allParsers(): Promise<Parser[]> {
  const found = await Promise.all([
    decoderParsers(),
    frameParsers(),
    messageParsers(),
    textParsers(),
    tagParsers(),
    espaParsers(),
  ])
  return found.flat()
}
