/** Whether the reader scans, and how it is made to. */
import { DataType, resolveNodeId } from 'node-opcua-client'
import { opaque } from '../opcua/opaque.ts'
import type { OpcUaSession } from '../opcua/session.ts'
import type { FoundReader } from './find.ts'
import { encodeScanSettings, encodings } from './frames.ts'

/** OPC 30010 9.2.2. */
const deviceStatus = { error: 1, scanning: 2 } as const
/** The standard's own clock of the server: an answer from a device that tells nothing else about itself. */
const currentTime = 'i=2258'

export interface ScanState {
  /** False: it does not scan, and nothing passes unseen only because nothing is seen at all. */
  scanning: boolean
  /** ScanStart was taken just now. */
  started: boolean
  /** What a person should know. */
  detail: string | null
}

/**
 * Reads DeviceStatus and ScanActive and calls ScanStart where the reader has it and does not scan: after a restart it
 * gives no events until somebody does. `asked`: it was called in this session, for readers that do not tell.
 */
export async function ensureScanning(
  session: OpcUaSession,
  reader: FoundReader,
  asked: boolean,
): Promise<ScanState | null> {
  const state = await readState(session, reader)
  if (!state) return null
  const detail = state.status === deviceStatus.error ? 'the reader reports an error' : null
  const active =
    state.active ?? (state.status === null ? null : state.status === deviceStatus.scanning)
  if (active) return { scanning: true, started: false, detail }
  if (!reader.at.ScanStart) {
    const idle = 'the reader does not scan, and has no method to make it'
    return { scanning: active === null, started: false, detail: active === false ? idle : detail }
  }
  if (active === null && asked) return { scanning: true, started: false, detail }
  const refusal = await startScan(session, reader)
  if (!session.alive) return null
  if (refusal === null) return { scanning: true, started: true, detail }
  return {
    scanning: false,
    started: false,
    detail: `the reader does not start to scan: ${refusal}`,
  }
}

async function readState(session: OpcUaSession, { at }: FoundReader) {
  const values = await session.read(
    [at.DeviceStatus ?? currentTime, at.ScanActive ?? currentTime],
    2000,
  )
  if (!values) return null
  const [status, active] = values.map((v) => (v.statusCode.isGood() ? v.value.value : null))
  return {
    status: typeof status === 'number' ? status : null,
    active: typeof active === 'boolean' ? active : null,
  }
}

/** Null when it was taken, or why not. */
async function startScan(session: OpcUaSession, reader: FoundReader): Promise<string | null> {
  const typeId = `ns=${reader.autoId};i=${encodings.scanSettings}`
  const result = await session.call({
    objectId: reader.node,
    methodId: reader.at.ScanStart ?? '',
    inputArguments: [
      {
        dataType: DataType.ExtensionObject,
        value: opaque(resolveNodeId(typeId), encodeScanSettings()),
      },
    ],
  })
  if (!result) return 'no answer'
  const status: unknown = result.outputArguments?.[0]?.value ?? 0
  if (!result.statusCode.isGood()) return result.statusCode.name
  return status === 0 ? null : `operation status ${String(status)}`
}

/** Best effort, at the end. */
export async function stopScan(session: OpcUaSession, reader: FoundReader): Promise<void> {
  const methodId = reader.at.ScanStop
  if (methodId) await session.call({ objectId: reader.node, methodId, inputArguments: [] })
}
