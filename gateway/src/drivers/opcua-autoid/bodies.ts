/** Values of AutoID out of the stack's variants: bytes where it kept them as they came. */
import { DataType, type DataValue, type Variant } from 'node-opcua-client'
import {
  decodeScanData,
  decodeScanResult,
  encodings,
  type RfidScanResult,
  type ScanData,
} from './frames.ts'

interface Opaque {
  nodeId: { namespace: number; value: unknown }
  buffer: Buffer
}
const isOpaque = (x: unknown): x is Opaque =>
  typeof x === 'object' && x !== null && 'buffer' in x && 'nodeId' in x

export interface Bad {
  bytes: Uint8Array
  why: string
}

const nothing = new Uint8Array(0)

/** Every result of one event; what cannot be read is given as it came, and never in half. */
export function scanResults(
  field: Variant | undefined,
  autoId: number,
): { results: RfidScanResult[]; bad: Bad[] } {
  const results: RfidScanResult[] = []
  const bad: Bad[] = []
  if (field?.dataType !== DataType.ExtensionObject)
    return { results, bad: [{ bytes: nothing, why: 'a scan event without a ScanResult' }] }
  const bodies: unknown[] = Array.isArray(field.value) ? field.value : [field.value]
  for (const body of bodies) {
    const read = bodyOf(body, autoId, encodings.rfidScanResult)
    if ('why' in read) {
      bad.push(read)
      continue
    }
    const decoded = decodeScanResult(read.bytes)
    if (decoded.ok) results.push(decoded.result)
    else bad.push({ bytes: read.bytes, why: decoded.why })
  }
  return { results, bad }
}

/** Some devices give the union, some its content as plain bytes or text. */
export function lastScanData(value: DataValue, autoId: number): ScanData | Bad {
  const { dataType, value: content } = value.value
  if (dataType === DataType.String && typeof content === 'string')
    return { kind: 'string', text: content }
  if (dataType === DataType.ByteString && content instanceof Uint8Array)
    return { kind: 'bytes', bytes: content }
  if (dataType === DataType.Null || content === null) return { kind: 'none' }
  const read = bodyOf(content, autoId, encodings.scanData)
  if ('why' in read) return read
  const decoded = decodeScanData(read.bytes)
  return decoded.ok ? decoded.result : { bytes: read.bytes, why: decoded.why }
}

function bodyOf(body: unknown, autoId: number, encoding: number): { bytes: Uint8Array } | Bad {
  if (!isOpaque(body)) return { bytes: nothing, why: 'a body that is no structure' }
  const { nodeId, buffer } = body
  if (nodeId.namespace === autoId && nodeId.value === encoding) return { bytes: buffer }
  return { bytes: buffer, why: `a structure of type ns=${nodeId.namespace};i=${nodeId.value}` }
}
