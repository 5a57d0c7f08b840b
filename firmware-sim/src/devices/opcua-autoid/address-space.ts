/** The nodes of one AutoID reader (OPC 30010 1.01), made from the foundation's own nodesets. */
import { nodesets } from 'node-opcua-nodesets'
import type { OPCUAServer } from 'node-opcua-server'
import type { AutoIdVariant } from '../messages.ts'
import { type Method, spaceOf, type Variable } from '../opcua-server/server.ts'

export const autoIdNodesets = [nodesets.standard, nodesets.di, nodesets.autoId] as const
const uris = {
  autoId: 'http://opcfoundation.org/UA/AutoID/',
  di: 'http://opcfoundation.org/UA/DI/',
}

type Space = ReturnType<typeof spaceOf>
type Found<K extends 'findObjectType' | 'findDataType' | 'findEventType'> = NonNullable<
  ReturnType<Space[K]>
>
export type ReaderNode = ReturnType<Found<'findObjectType'>['instantiate']>

const must = <T>(node: T | null | undefined, what: string): T => {
  if (node === null || node === undefined) throw new Error(`the nodeset has no ${what}`)
  return node
}

export interface ReaderNodes {
  readonly space: Space
  readonly reader: ReaderNode
  readonly scanResult: Found<'findDataType'>
  readonly scanSettings: Found<'findDataType'>
  readonly scanEvent: Found<'findEventType'>
  variable(name: string): Variable | null
  method(name: string): Method | null
}

const lastScan = ['LastScanData', 'LastScanTimestamp', 'LastScanAntenna', 'LastScanRSSI']
const optionals: Record<AutoIdVariant, readonly string[]> = {
  full: ['ScanStart', 'ScanStop', 'ScanActive', ...lastScan],
  'no-scan-methods': ['ScanActive', ...lastScan],
  'last-scan-only': lastScan,
}

export function buildReader(server: OPCUAServer, variant: AutoIdVariant): ReaderNodes {
  const space = spaceOf(server)
  const autoId = space.getNamespaceIndex(uris.autoId)
  const di = space.getNamespaceIndex(uris.di)
  const type = must(space.findObjectType('RfidReaderDeviceType', autoId), 'reader type')
  const deviceSet = must(space.findNode(`ns=${di};i=5001`), 'DeviceSet')
  const reader = type.instantiate({
    browseName: 'Reader1',
    componentOf: deviceSet,
    optionals: [...optionals[variant]],
    // Bit 0: events of this object can be subscribed to.
    ...(variant === 'last-scan-only' ? {} : { eventNotifier: 1 }),
  })
  const child = (name: string) =>
    reader.getComponents().find((c) => c.browseName.name === name) ?? null
  return {
    space,
    reader,
    scanResult: must(space.findDataType('RfidScanResult', autoId), 'RfidScanResult'),
    scanSettings: must(space.findDataType('ScanSettings', autoId), 'ScanSettings'),
    scanEvent: must(space.findEventType('RfidScanEventType', autoId), 'RfidScanEventType'),
    variable: (name) => child(name) as Variable | null,
    method: (name) => child(name) as Method | null,
  }
}
