import { type ByteReader, type ByteWriter, LlrpFormatError } from './bytes.ts'
import { type FieldMap, readValues, type Values, writeValues } from './fields.ts'
import { parameterTable, type Shape } from './parameter-table.ts'

type Table = typeof parameterTable
export type ParameterName = keyof Table
export type Parameter<N extends ParameterName = ParameterName> = {
  [P in N]: { name: P; values: Values<Table[P]['fields']>; params: Parameter[] }
}[N]

/** What was passed over, so that it is seen that a reader says more than we understand. */
export interface Skipped {
  unknownTlv: number
  /** Each ended its parent: what followed in there could not be read. */
  unknownTv: number
  /** Given where nothing may be lost: the unknown ones of each list, in their order. */
  readonly kept?: Map<readonly Parameter[], Unknown[]>
}
/** A parameter that is not in the table. Of an unknown TV, everything to the end of its parent. */
export interface Unknown {
  form: Shape['form']
  code: number
  bytes: Uint8Array
}
export const nothingSkipped = (): Skipped => ({ unknownTlv: 0, unknownTv: 0 })

/** Real trees are five deep; without a limit 4-byte parameters could nest a stack away. */
const deepest = 16

const names = Object.keys(parameterTable) as ParameterName[]
const byCode = (form: Shape['form']) =>
  new Map(
    names.filter((n) => parameterTable[n].form === form).map((n) => [parameterTable[n].code, n]),
  )
const tvNames = byCode('tv')
const tlvNames = byCode('tlv')

export const param = <N extends ParameterName>(
  name: N,
  values: Values<Table[N]['fields']>,
  params: Parameter[] = [],
): Parameter<N> => ({ name, values, params }) as Parameter<N>

export const find = <N extends ParameterName>(
  params: readonly Parameter[],
  name: N,
): Parameter<N> | undefined => params.find((p) => p.name === name) as Parameter<N> | undefined

export const findAll = <N extends ParameterName>(
  params: readonly Parameter[],
  name: N,
): Parameter<N>[] => params.filter((p) => p.name === name) as Parameter<N>[]

export function writeParameter(w: ByteWriter, p: Parameter) {
  const shape: Shape = parameterTable[p.name]
  if (shape.form === 'tv') {
    w.uint(8, 0x80 | shape.code)
    writeValues(shape.fields, w, p.values)
    return
  }
  const start = w.length
  w.uint(16, shape.code)
  w.uint(16, 0)
  writeValues(shape.fields, w, p.values)
  for (const child of p.params) writeParameter(w, child)
  w.patch(start + 2, 16, w.length - start)
}

/** Reads parameters to the end of `r`. Unknown TLVs are skipped by their length; an unknown TV ends the list. */
export function readParameters(r: ByteReader, skipped: Skipped, depth = 0): Parameter[] {
  if (depth > deepest) throw new LlrpFormatError(`parameters nested more than ${deepest} deep`)
  const params: Parameter[] = []
  while (r.left > 0) {
    if (r.peek() & 0x80) {
      const code = r.u8() & 0x7f
      const name = tvNames.get(code)
      if (!name) {
        skipped.unknownTv += 1
        keep(skipped, params, { form: 'tv', code, bytes: r.bytes(r.left) })
        break
      }
      params.push(made(name, readValues<FieldMap>(parameterTable[name].fields, r), []))
    } else {
      const known = readTlv(r, skipped, depth, params)
      if (known) params.push(known)
    }
  }
  return params
}

function keep({ kept }: Skipped, parent: readonly Parameter[], unknown: Unknown) {
  if (!kept) return
  const before = kept.get(parent)
  if (before) before.push(unknown)
  else kept.set(parent, [unknown])
}

function readTlv(
  r: ByteReader,
  skipped: Skipped,
  depth: number,
  parent: readonly Parameter[],
): Parameter | null {
  const code = r.u16() & 0x3ff
  const length = r.u16()
  if (length < 4) throw new LlrpFormatError(`parameter ${code} of length ${length}`)
  const part = r.part(length - 4)
  const name = tlvNames.get(code)
  if (!name) {
    skipped.unknownTlv += 1
    keep(skipped, parent, { form: 'tlv', code, bytes: part.bytes(part.left) })
    return null
  }
  const values = readValues<FieldMap>(parameterTable[name].fields, part)
  return made(name, values, readParameters(part, skipped, depth + 1))
}

const made = (name: ParameterName, values: Values<FieldMap>, params: Parameter[]) =>
  ({ name, values, params }) as Parameter
