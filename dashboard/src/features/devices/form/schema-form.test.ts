import { expect, test } from 'vitest'
import {
  blank,
  draftOf,
  entryOf,
  keysOf,
  kindOf,
  memberOf,
  type Schema,
  withAt,
} from './schema-form.ts'

const line: Schema = {
  anyOf: [
    {
      type: 'object',
      required: ['transport', 'host', 'port'],
      properties: {
        transport: { const: 'tcp', type: 'string' },
        host: { type: 'string' },
        port: { type: 'integer' },
      },
    },
    {
      type: 'object',
      required: ['transport', 'path', 'stopBits'],
      properties: {
        transport: { const: 'rtu', type: 'string' },
        path: { type: 'string' },
        stopBits: { type: 'integer', enum: [1, 2] },
      },
    },
  ],
}
const device: Schema = {
  type: 'object',
  required: ['id', 'driver', 'line', 'units', 'columns', 'notProvided'],
  properties: {
    id: { type: 'string' },
    driver: { const: 'modbus-air', type: 'string' },
    simulated: { type: 'boolean' },
    line,
    session: { type: 'integer' },
    ceiling: { anyOf: [{ type: 'number' }, { type: 'null' }] },
    columns: { type: 'array', items: { type: 'integer' } },
    notProvided: { type: 'array', items: { type: 'string', enum: ['door', 'power'] } },
    units: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', required: ['unit'], properties: { unit: { type: 'integer' } } },
    },
  },
}
const entry = {
  id: 'air-1',
  driver: 'modbus-air',
  line: { transport: 'rtu', path: '/dev/ttyS1', stopBits: 2 },
  ceiling: 3.5,
  columns: [1, 2, 3],
  notProvided: ['door'],
  units: [{ unit: 1 }, { unit: 2 }],
}

test('an entry comes out of its own draft as it went in', () => {
  expect(entryOf(device, draftOf(device, entry))).toEqual(entry)
})

test('every shape that drivers use has a field', () => {
  const kinds = Object.entries(device.properties ?? {}).map(([k, v]) => [k, kindOf(v)])
  expect(Object.fromEntries(kinds)).toEqual({
    id: 'text',
    driver: 'fixed',
    simulated: 'flag',
    line: 'variants',
    session: 'number',
    ceiling: 'number',
    columns: 'numbers',
    notProvided: 'choices',
    units: 'list',
  })
})

test('an empty form has what is fixed, one row where one is needed, and nothing that was not said', () => {
  expect(entryOf(device, blank(device))).toEqual({
    driver: 'modbus-air',
    line: { transport: 'tcp' },
    ceiling: null,
    columns: [],
    notProvided: [],
    units: [{}],
  })
})

test('fields stand in the order in which the driver wrote them, what may be left out behind', () => {
  const sorted = Object.fromEntries(Object.entries(device.properties ?? {}).sort())
  expect(keysOf({ ...device, properties: sorted })).toEqual([
    ...['id', 'driver', 'line', 'units', 'columns', 'notProvided'],
    ...['ceiling', 'session', 'simulated'],
  ])
})

test('what may be left out and is empty is left out; what is no number stays as it was typed', () => {
  let draft = draftOf(device, entry)
  draft = withAt(draft, ['session'], ' 2 ')
  draft = withAt(draft, ['columns'], '4，5 x')
  draft = withAt(draft, ['units', 1, 'unit'], '')
  expect(entryOf(device, draft)).toMatchObject({
    session: 2,
    columns: [4, 5, 'x'],
    units: [{ unit: 1 }, {}],
  })
  expect(entryOf(device, draft)).not.toHaveProperty('simulated')
})

test('another transport is another group of fields', () => {
  const draft = withAt(blank(line), ['transport'], 'rtu')
  expect(Object.keys(memberOf(line, draft).properties ?? {})).toEqual([
    'transport',
    'path',
    'stopBits',
  ])
  expect(entryOf(line, withAt(draft, ['stopBits'], '1'))).toEqual({ transport: 'rtu', stopBits: 1 })
})
