/** Messages as JSON for people and for their tools. */
import { ByteReader, LlrpFormatError } from './bytes.ts'
import type { Message, Version } from './frames.ts'
import { hex } from './hex.ts'
import { contentSelector, impinjRead, impinjVendor } from './impinj.ts'
import { messageTable } from './message-table.ts'
import { parameterTable } from './parameter-table.ts'
import { nothingSkipped, type Parameter, readParameters, type Unknown } from './parameters.ts'

type Kept = ReadonlyMap<readonly Parameter[], Unknown[]>

/** Bytes as hex, numbers beyond 2^53 as text, reserved fields left out; unknown parameters as hex. */
export function readable(
  { message: m, version }: { message: Message; version: Version },
  kept: Kept,
): Record<string, unknown> {
  return {
    name: m.name,
    type: messageTable[m.name].type,
    version: version === 1 ? '1.0.1' : '1.1',
    id: m.id,
    ...values(m.values),
    parameters: list(m.params, kept),
  }
}

const list = (params: readonly Parameter[], kept: Kept): unknown[] => [
  ...params.map((p) => one(p, kept)),
  ...(kept.get(params) ?? []).map(({ form, code, bytes }) => ({
    name: 'unknown',
    type: code,
    form,
    data: hex(bytes),
  })),
]

function one(p: Parameter, kept: Kept): Record<string, unknown> {
  const children = list(p.params, kept)
  return {
    name: p.name,
    type: parameterTable[p.name].code,
    ...values(p.values),
    ...(p.name === 'Custom' && p.values.vendor === impinjVendor ? impinj(p) : {}),
    ...(children.length === 0 ? {} : { parameters: children }),
  }
}

/** What Impinj's own parameters mean, beside their bytes. */
function impinj(p: Parameter<'Custom'>): Record<string, unknown> {
  const { tid, ...read } = impinjRead([p])
  const said = { ...read, ...(tid ? { tid: hex(tid) } : {}) }
  if (Object.keys(said).length > 0) return { impinj: said }
  if (p.values.subtype !== contentSelector) return {}
  try {
    const inner = readParameters(new ByteReader(p.values.data), nothingSkipped())
    return { parameters: inner.map((i) => one(i, new Map())) }
  } catch (error) {
    if (error instanceof LlrpFormatError) return {}
    throw error
  }
}

function values(of: object): Record<string, unknown> {
  const fields = Object.entries(of).filter(([, v]) => v !== undefined)
  return Object.fromEntries(fields.map(([k, v]) => [k, value(v)]))
}
function value(v: unknown): unknown {
  if (v instanceof Uint8Array) return hex(v)
  if (typeof v === 'bigint') return v <= Number.MAX_SAFE_INTEGER ? Number(v) : String(v)
  if (Array.isArray(v) || typeof v !== 'object' || v === null) return v
  return values(v)
}
