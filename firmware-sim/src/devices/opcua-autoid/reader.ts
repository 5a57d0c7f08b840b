/** What an AutoID reader does: it scans after ScanStart, or from its start where it has no such method. */
import type { TagRead } from '../llrp/reports.ts'
import type { AutoIdVariant } from '../messages.ts'
import type { Variable } from '../opcua-server/server.ts'
import type { ReaderNodes } from './address-space.ts'

/** OPC 30010 9.2.2 and 9.2.1. */
const status = { idle: 0, scanning: 2 } as const
const operation = { success: 0, deviceNotReady: 3 } as const
const powerDbm = 30
/** OPC 10000-6 5.2.2.16. */
const array = 1

export class AutoIdReader {
  readonly #nodes: ReaderNodes
  readonly #variant: AutoIdVariant
  #scanning: boolean
  scanStarts = 0
  events = 0
  reads = 0
  /** Bodies that nobody can decode, in place of scan results. */
  garbled = 0

  constructor(nodes: ReaderNodes, variant: AutoIdVariant) {
    this.#nodes = nodes
    this.#variant = variant
    this.#scanning = variant !== 'full'
    nodes.method('ScanStart')?.bindMethod((_input, _context, callback) => {
      this.scanStarts++
      const taken = this.#scanning ? operation.deviceNotReady : operation.success
      this.scan(true)
      callback(null, { outputArguments: [{ dataType: 'Int32', value: taken }] })
    })
    nodes.method('ScanStop')?.bindMethod((_input, _context, callback) => {
      this.scan(false)
      callback(null, { outputArguments: [] })
    })
    this.scan(this.#scanning)
  }

  get scanning(): boolean {
    return this.#scanning
  }

  scan(on: boolean): void {
    this.#scanning = on
    this.#set('DeviceStatus', 'Int32', on ? status.scanning : status.idle)
    this.#set('ScanActive', 'Boolean', on)
  }

  /** Tells of what the antennas saw in one dwell. */
  saw(reads: readonly TagRead[]): void {
    if (!this.#scanning || reads.length === 0) return
    const at = new Date()
    this.reads += reads.length
    if (this.#variant !== 'last-scan-only') this.#event(reads, at)
    const last = reads.at(-1)
    if (last) this.#lastScan(last, at)
  }

  #event(reads: readonly TagRead[], at: Date): void {
    const { reader, scanEvent } = this.#nodes
    const value = reads.map((read) => this.#result(read, at))
    this.events++
    reader.raiseEvent(scanEvent, {
      deviceName: { dataType: 'String', value: 'Reader1' },
      scanResult: { dataType: 'ExtensionObject', arrayType: array, value },
      message: { dataType: 'LocalizedText', value: { text: 'scan' } },
      sourceNode: { dataType: 'NodeId', value: reader.nodeId },
      severity: { dataType: 'UInt16', value: 100 },
    })
  }

  #result(read: TagRead, at: Date) {
    const { space, scanResult, scanSettings } = this.#nodes
    if (this.garbled > 0) {
      this.garbled--
      return space.constructExtensionObject(scanSettings, { duration: 1, cycles: 1 })
    }
    return space.constructExtensionObject(scanResult, {
      codeType: 'UHF',
      // The keys follow the stack's own rule: `PC` stays, `UId` becomes `uId`; another key gives 0 and no word of it.
      scanData: {
        epc: { PC: pcOf(read.epc), uId: Buffer.from(read.epc, 'hex'), XPC_W1: 0, XPC_W2: 0 },
      },
      timestamp: at,
      sighting: [
        {
          antenna: read.antenna,
          strength: Math.round(read.rssiDbm),
          timestamp: at,
          currentPowerLevel: powerDbm,
        },
      ],
    })
  }

  /** One moment for all of them, so that they can be told to belong together. */
  #lastScan(read: TagRead, at: Date): void {
    this.#set('LastScanAntenna', 'Int32', read.antenna, at)
    this.#set('LastScanRSSI', 'Int32', Math.round(read.rssiDbm), at)
    this.#set('LastScanTimestamp', 'DateTime', at, at)
    this.#set('LastScanData', 'ByteString', Buffer.from(read.epc, 'hex'), at)
  }

  #set(name: string, dataType: string, value: unknown, at = new Date()): void {
    const variant = { dataType, value } as Parameters<Variable['setValueFromSource']>[0]
    this.#nodes.variable(name)?.setValueFromSource(variant, undefined, at)
  }
}

/** Length in words, as Gen2 keeps it in the upper five bits. */
const pcOf = (epc: string): number => (epc.length / 4) << 11
