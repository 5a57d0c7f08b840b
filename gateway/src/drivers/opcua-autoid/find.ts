/** Where the reader is in the server's address space, and what it offers. */
import {
  BrowseDirection,
  NodeClassMask,
  type ReferenceDescription,
  ResultMask,
} from 'node-opcua-client'
import { below, namespacesOf } from '../opcua/nodes.ts'
import type { OpcUaSession } from '../opcua/session.ts'

export const autoIdUri = 'http://opcfoundation.org/UA/AutoID/'
export const diUri = 'http://opcfoundation.org/UA/DI/'

/** Ids in their own namespaces (nodesets AutoID 1.01 and DI). */
const rfidReaderDeviceType = 1003
const deviceSet = 5001
const hasSubtype = 'i=45'
const hierarchical = 'i=33'
const deepestType = 10

const members = [
  'ScanStart',
  'ScanStop',
  'DeviceStatus',
  'ScanActive',
  'LastScanData',
  'LastScanAntenna',
  'LastScanRSSI',
] as const
export type Member = (typeof members)[number]

export interface FoundReader {
  readonly node: string
  readonly name: string
  /** Index of the AutoID namespace in this session. */
  readonly autoId: number
  /** Node of each member that the instance has: nearly all are optional (OPC 30010 6.1). */
  readonly at: Partial<Record<Member, string>>
  readonly softwareRevision: string | null
}

/** The reader of this name, or the only one; null when the session ended, with the reason. */
export async function findReader(
  session: OpcUaSession,
  name: string | undefined,
): Promise<FoundReader | null> {
  const namespaces = await namespacesOf(session)
  if (!namespaces) return null
  const [autoId, di] = [namespaces.get(autoIdUri), namespaces.get(diUri)]
  if (autoId === undefined || di === undefined) {
    session.end('the server does not know the AutoID companion specification')
    return null
  }
  const readers = await readersIn(session, `ns=${di};i=${deviceSet}`, autoId)
  if (!readers) return null
  const fitting = readers.filter((r) => name === undefined || r.browseName.name === name)
  const [reader] = fitting
  if (!reader || fitting.length > 1) {
    const there = readers.map((r) => r.browseName.name).join(', ')
    session.end(
      readers.length === 0
        ? 'there is no RFID reader under DeviceSet'
        : `readers under DeviceSet: ${there}; name one of them`,
    )
    return null
  }
  return describe(session, reader, autoId, di)
}

async function describe(
  session: OpcUaSession,
  reader: ReferenceDescription,
  autoId: number,
  di: number,
): Promise<FoundReader | null> {
  const node = reader.nodeId.toString()
  const paths = members.map((m) => `/${autoId}:${m}`)
  const found = await below(session, node, [...paths, `/${di}:SoftwareRevision`])
  if (!found) return null
  const at: Partial<Record<Member, string>> = {}
  for (const [i, member] of members.entries()) {
    const here = found[i]
    if (here) at[member] = here
  }
  const revision = found[members.length]
  const values = revision ? await session.read([revision]) : []
  if (!values) return null
  const softwareRevision = String(values[0]?.value.value?.text ?? values[0]?.value.value ?? '')
  return {
    node,
    name: reader.browseName.name ?? '',
    autoId,
    at,
    softwareRevision: softwareRevision.slice(0, 80) || null,
  }
}

async function readersIn(
  session: OpcUaSession,
  folder: string,
  autoId: number,
): Promise<ReferenceDescription[] | null> {
  const devices = await browse(session, folder, hierarchical, BrowseDirection.Forward)
  if (!devices) return null
  const wanted = `ns=${autoId};i=${rfidReaderDeviceType}`
  const readers: ReferenceDescription[] = []
  for (const device of devices) {
    const is = await isKindOf(session, device.typeDefinition.toString(), wanted)
    if (is === null) return null
    if (is) readers.push(device)
  }
  return readers
}

/** Whether a type is `wanted` or one that a vendor derived from it. */
async function isKindOf(
  session: OpcUaSession,
  type: string,
  wanted: string,
): Promise<boolean | null> {
  let here: string | undefined = type
  for (let depth = 0; here !== undefined && depth < deepestType; depth++) {
    if (here === wanted) return true
    const parents = await browse(session, here, hasSubtype, BrowseDirection.Inverse)
    if (!parents) return null
    here = parents[0]?.nodeId.toString()
  }
  return false
}

async function browse(
  session: OpcUaSession,
  nodeId: string,
  referenceTypeId: string,
  browseDirection: BrowseDirection,
): Promise<ReferenceDescription[] | null> {
  const asked = session.raw.browse({
    nodeId,
    referenceTypeId,
    includeSubtypes: true,
    browseDirection,
    nodeClassMask: NodeClassMask.Object | NodeClassMask.ObjectType,
    resultMask: ResultMask.BrowseName | ResultMask.TypeDefinition | ResultMask.NodeClass,
  })
  const result = await session.within('browse', asked, 3000)
  return result && (result.references ?? [])
}
