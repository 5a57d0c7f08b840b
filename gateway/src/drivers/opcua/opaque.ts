import { createRequire } from 'node:module'
import type { NodeId } from 'node-opcua-client'

type OpaqueClass = new (nodeId: NodeId, buffer: Buffer) => object

const stack = createRequire(createRequire(import.meta.url).resolve('node-opcua-client'))
const { OpaqueStructure } = stack('node-opcua-extension-object') as { OpaqueStructure: OpaqueClass }

/** A structure that we encoded ourselves; the client writes it as it is, and does not hand the class out. */
export const opaque = (typeId: NodeId, body: Uint8Array): object =>
  new OpaqueStructure(typeId, Buffer.from(body))
