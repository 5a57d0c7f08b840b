import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LlrpFormatError } from './bytes.ts'
import type { Field, FieldMap } from './fields.ts'
import { decodeMessage, encodeMessage, Framer, longest, type Message } from './frames.ts'
import { messageTable } from './message-table.ts'
import { parameterTable } from './parameter-table.ts'
import type { Parameter } from './parameters.ts'

const seed = 20261122
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 })
const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

function arbitraryOf({ kind }: Field<unknown>): fc.Arbitrary<unknown> {
  switch (kind.is) {
    case 'uint':
      return uint(kind.bits)
    case 'int':
      return fc.integer({ min: -(2 ** (kind.bits - 1)), max: 2 ** (kind.bits - 1) - 1 })
    case 'u64':
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
    case 'bytes':
      return octets(kind.length)
    case 'text':
      return fc.string({ unit: 'grapheme', maxLength: 20 })
    case 'list':
      return fc.array(uint(kind.bits), { maxLength: 8 })
    case 'bits':
      return fc
        .nat(40)
        .chain((n) => fc.record({ bits: fc.constant(n), bytes: octets(Math.ceil(n / 8)) }))
    case 'words':
      return fc.nat(6).chain((n) => octets(n * 2))
    case 'rest':
      return fc.uint8Array({ maxLength: 20 })
    case 'flags':
      return fc.record(
        Object.fromEntries(
          Object.entries(kind.parts).map(([name, part]) => [
            name,
            typeof part === 'number' ? fc.boolean() : uint(part[1]),
          ]),
        ),
      )
    case 'reserved':
      return fc.constant(undefined)
  }
}
const valuesOf = (fields: FieldMap): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([k, f]) => [k, arbitraryOf(f)])))
const takesAll = (fields: FieldMap) => Object.values(fields).some((f) => f.kind.is === 'rest')

const { parameter } = fc.letrec<{ parameter: Parameter; children: Parameter[] }>((tie) => ({
  parameter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    ...Object.entries(parameterTable).map(
      ([name, shape]) =>
        fc.record({
          name: fc.constant(name),
          values: valuesOf(shape.fields),
          params: shape.form === 'tv' || takesAll(shape.fields) ? fc.constant([]) : tie('children'),
        }) as fc.Arbitrary<unknown> as fc.Arbitrary<Parameter>,
    ),
  ),
  children: fc.array(tie('parameter'), { maxLength: 3, depthIdentifier: 'params' }),
}))
const messages: fc.Arbitrary<Message>[] = Object.entries(messageTable).map(
  ([name, shape]) =>
    fc.record({
      name: fc.constant(name),
      id: uint(32),
      values: valuesOf(shape.fields),
      params: takesAll(shape.fields) ? fc.constant([]) : fc.array(parameter, { maxLength: 3 }),
    }) as fc.Arbitrary<unknown> as fc.Arbitrary<Message>,
)

test.each(Object.keys(messageTable).map((name, i) => [name, messages[i]] as const))(
  '%s survives the way out and back',
  (_, arbitrary) => {
    if (!arbitrary) throw new Error('no arbitrary')
    fc.assert(
      fc.property(arbitrary, fc.constantFrom(1, 2), (m, version) => {
        const wire = encodeMessage(m, version)
        const d = decodeMessage(wire)
        if (d.kind !== 'message') throw new Error(JSON.stringify(d))
        expect(d.message).toEqual(m)
        expect(encodeMessage(d.message, d.version)).toEqual(wire)
      }),
      { seed, numRuns: 40 },
    )
  },
)

test.each(Object.entries(parameterTable))(
  'parameter %s survives the way out and back',
  (name, shape) => {
    fc.assert(
      fc.property(valuesOf(shape.fields), (values) => {
        const p = { name, values, params: [] } as unknown as Parameter
        const m: Message = { name: 'RO_ACCESS_REPORT', id: 1, values: {}, params: [p] }
        const d = decodeMessage(encodeMessage(m))
        const skipped = { unknownTlv: 0, unknownTv: 0 }
        expect(d).toEqual({ kind: 'message', version: 1, message: m, skipped })
      }),
      { seed, numRuns: 50 },
    )
  },
)

test('no two parameters or messages share a code', () => {
  for (const form of ['tv', 'tlv'] as const) {
    const codes = Object.values(parameterTable)
      .filter((s) => s.form === form)
      .map((s) => s.code)
    expect(new Set(codes).size).toBe(codes.length)
  }
  const types = Object.values(messageTable).map((m) => m.type)
  expect(new Set(types).size).toBe(types.length)
})

const headed = (type: number, body: Uint8Array) => {
  const frame = new Uint8Array(10 + body.length)
  const view = new DataView(frame.buffer)
  view.setUint16(0, (1 << 10) | type)
  view.setUint32(2, frame.length)
  frame.set(body, 10)
  return frame
}

test('fuzz: any body under any type is a message, unknown or malformed, and never an exception', () => {
  const types = fc.constantFrom(...Object.values(messageTable).map((m) => m.type))
  fc.assert(
    fc.property(types, fc.uint8Array({ maxLength: 200 }), (type, body) => {
      expect(['message', 'malformed']).toContain(decodeMessage(headed(type, body)).kind)
    }),
    { seed, numRuns: 3000 },
  )
})

test('fuzz: a good message with one byte changed never throws and never reads outside itself', () => {
  fc.assert(
    fc.property(fc.oneof(...messages), fc.nat(), fc.nat(255), (m, where, value) => {
      const wire = encodeMessage(m)
      wire[where % wire.length] = value
      decodeMessage(wire)
    }),
    { seed, numRuns: 2000 },
  )
})

test('fuzz: any stream in any pieces ends in frames or one format error, with bounded memory', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 40 }), (chunks) => {
      const framer = new Framer()
      try {
        for (const chunk of chunks) for (const frame of framer.push(chunk)) decodeMessage(frame)
      } catch (error) {
        expect(error).toBeInstanceOf(LlrpFormatError)
      }
      expect(framer.pending.length).toBeLessThanOrEqual(40 * 64)
    }),
    { seed, numRuns: 500 },
  )
})

test.each([0, 9, longest + 1, 0xffff_ffff])(
  'a message of %i bytes is refused by its header',
  (length) => {
    const header = headed(61, new Uint8Array(0))
    new DataView(header.buffer).setUint32(2, length)
    expect(() => new Framer().push(header)).toThrow(LlrpFormatError)
  },
)

test('a message of exactly 1 MiB is taken', () => {
  const frame = headed(1023, new Uint8Array(longest - 10))
  expect(new Framer().push(frame)).toHaveLength(1)
})

test('parameters nested without end are malformed, not a stack overflow', () => {
  let body = new Uint8Array(0)
  for (let depth = 0; depth < 16_000 && body.length < 65_000; depth++) {
    const outer = new Uint8Array(4 + body.length)
    const view = new DataView(outer.buffer)
    view.setUint16(0, 144)
    view.setUint16(2, outer.length)
    outer.set(body, 4)
    body = outer
  }
  expect(decodeMessage(headed(61, body))).toMatchObject({ kind: 'malformed' })
})

test('another version is named, with the type that must not be answered', () => {
  const frame = headed(100, new Uint8Array(0))
  new DataView(frame.buffer).setUint16(0, (3 << 10) | 100)
  expect(decodeMessage(frame)).toEqual({ kind: 'wrong-version', version: 3, type: 100, id: 0 })
})
