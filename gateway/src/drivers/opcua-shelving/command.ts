import { DataType, type VariantOptions } from 'node-opcua-client'
import type { ShelvingAnswer, ShelvingRequest } from '../driver.ts'
import type { MapType, MapVerb, NodeMap } from '../opcua/map.ts'
import type { OpcUaSession } from '../opcua/session.ts'
import type { ShelvingTools } from '../shelving/protocol.ts'
import type { BankNodes } from './nodes.ts'

export const verbOf = (map: NodeMap, request: ShelvingRequest): MapVerb | null =>
  map.verbs?.[request.verb] ?? null

const word = (type: MapType, value: number | boolean): VariantOptions =>
  type === 'Boolean'
    ? { dataType: DataType.Boolean, value: Boolean(value) }
    : { dataType: DataType[type], value: Number(value) }

/**
 * Calls or writes a verb exactly once, and only if `still` says so in the moment before (rule S6). What the server said
 * of it is passed on; whether anything moved only the status tells.
 */
export async function sendOnce(
  session: OpcUaSession,
  nodes: BankNodes,
  verb: MapVerb,
  request: ShelvingRequest,
  still: () => boolean,
  log: ShelvingTools['log'],
): Promise<ShelvingAnswer> {
  if (!still()) return 'withdrawn'
  return 'write' in verb
    ? write(session, nodes, verb, request, log)
    : call(session, nodes, verb, request, log)
}

const numberOf = (request: ShelvingRequest, what: 'aisle' | 'column'): number =>
  (what === 'aisle' ? request.aisle : request.column) ?? 0

async function write(
  session: OpcUaSession,
  nodes: BankNodes,
  verb: Extract<MapVerb, { write: string }>,
  request: ShelvingRequest,
  log: ShelvingTools['log'],
): Promise<ShelvingAnswer> {
  const asked = typeof verb.value === 'string' ? numberOf(request, verb.value) : verb.value
  const value = word(verb.type, asked)
  const nodeId = nodes.of(verb.write, request.column)
  if (nodeId === null) return 'rejected'
  const status = await session.write({ nodeId, attributeId: valueAttribute, value: { value } })
  if (!status) return 'link-lost'
  if (status.isGood()) return 'sent'
  log.warn({ verb: request.verb, status: status.name }, 'the server refused the write')
  return 'rejected'
}

async function call(
  session: OpcUaSession,
  nodes: BankNodes,
  verb: Extract<MapVerb, { method: string }>,
  request: ShelvingRequest,
  log: ShelvingTools['log'],
): Promise<ShelvingAnswer> {
  const objectId = nodes.of(verb.object, request.column)
  const methodId = nodes.of(verb.method, request.column)
  if (objectId === null || methodId === null) return 'rejected'
  const inputArguments = (['aisle', 'column'] as const).flatMap((what) => {
    const type = verb[what]
    return type === undefined ? [] : [word(type, numberOf(request, what))]
  })
  const result = await session.call({ objectId, methodId, inputArguments })
  if (!result) return 'link-lost'
  const { statusCode, outputArguments } = result
  if (!statusCode.isGood()) {
    log.warn({ verb: request.verb, status: statusCode.name }, 'the server refused the call')
    return 'rejected'
  }
  const refusal = verb.refusals?.[String(outputArguments?.[0]?.value)]
  if (refusal === undefined) return 'sent'
  log.info({ verb: request.verb, aisle: request.aisle, refusal }, 'the controller refused')
  return 'rejected'
}

/** OPC 10000-6 A.1. */
const valueAttribute = 13
