import { type Device, DeviceFile } from '@lantai/contracts'
import { Errors } from 'typebox/value'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'

export type DeviceFileResult = { ok: true; file: DeviceFile } | { ok: false; wrong: string[] }

/**
 * Reads the device list: YAML core schema, then the contract, then what no schema can say. A bad file is
 * rejected whole, with every error and its line where there is one (G6, D12).
 */
export function loadDevices(text: string): DeviceFileResult {
  const lines = new LineCounter()
  const doc = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
  })
  const at = (offset: number) => `line ${lines.linePos(offset).line}`
  if (doc.errors.length > 0)
    return { ok: false, wrong: doc.errors.map((e) => `${at(e.pos[0])}: ${e.message}`) }
  const where = (path: (string | number)[]) => whereIs(doc, path, at)
  const value: unknown = doc.toJS({ maxAliasCount: 20 })
  const wrong = schemaErrors(value, where)
  if (wrong.length > 0) return { ok: false, wrong }
  const file = value as DeviceFile
  const clashes = contradictions(file, where)
  return clashes.length > 0 ? { ok: false, wrong: clashes } : { ok: true, file }
}

type Where = (path: (string | number)[]) => string

function whereIs(doc: Document, path: (string | number)[], at: (offset: number) => string): string {
  for (let n = path.length; n >= 0; n--) {
    const node = n === 0 ? doc.contents : doc.getIn(path.slice(0, n), true)
    if (isNode(node) && node.range) return `${at(node.range[0])}: ${path.join('.') || 'file'}`
  }
  return path.join('.') || 'file'
}

function schemaErrors(value: unknown, where: Where): string[] {
  const wrong: string[] = []
  for (const e of Errors(DeviceFile, value)) {
    if (e.keyword === 'anyOf') continue
    const path = e.instancePath
      .split('/')
      .slice(1)
      .map((p) => (/^\d+$/.test(p) ? Number(p) : p))
    if (!aboutItsDriver(value, path, e.schemaPath)) continue
    const missing = (e.params as { requiredProperties?: string[] }).requiredProperties
    wrong.push(`${where(path)} ${missing ? `${missing.join(', ')} is missing` : e.message}`)
  }
  if (wrong.length === 0 && Errors(DeviceFile, value).length > 0)
    wrong.push(`${where(['devices'])} does not match any known driver`)
  return [...new Set(wrong)]
}

const driverOrder: Device['driver'][] = ['llrp', 'modbus-air', 'modbus-contacts', 'modbus-shelving']

/** A union reports the errors of all its members; only those of the driver that the entry names are of use. */
function aboutItsDriver(value: unknown, path: (string | number)[], schemaPath: string): boolean {
  const [list, index] = path
  if (list !== 'devices' || typeof index !== 'number') return true
  const entry = (value as { devices?: { driver?: unknown }[] }).devices?.[index]
  const member = /\/devices\/items\/anyOf\/(\d+)/.exec(schemaPath)?.[1]
  if (member === undefined) return true
  const named = driverOrder.indexOf(entry?.driver as Device['driver'])
  return named < 0 ? path.at(-1) === 'driver' : named === Number(member)
}

function contradictions(file: DeviceFile, where: Where): string[] {
  const wrong: string[] = []
  const ids = new Map<string, string>()
  const banks = new Map<string, string>()
  const paths = new Map<string, { device: string; settings: string }>()
  const once = (
    seen: Map<string, string>,
    key: string,
    owner: string,
    path: (string | number)[],
  ) => {
    const first = seen.get(key)
    if (first) wrong.push(`${where(path)} "${key}" is used by ${first} already`)
    else seen.set(key, owner)
  }
  file.devices.forEach((d, i) => {
    once(ids, d.id, `device ${d.id}`, ['devices', i, 'id'])
    if (d.driver === 'modbus-air')
      d.units.forEach(
        (u, j) => void once(ids, u.id, `sensor of ${d.id}`, ['devices', i, 'units', j]),
      )
    if (d.driver === 'modbus-contacts')
      d.inputs.forEach(
        (u, j) => void once(ids, u.id, `input of ${d.id}`, ['devices', i, 'inputs', j]),
      )
    if (d.driver === 'modbus-shelving') {
      once(banks, d.bank, d.id, ['devices', i, 'bank'])
      if (new Set(d.columns).size < d.columns.length)
        wrong.push(`${where(['devices', i, 'columns'])} names a column twice`)
    }
    if ('line' in d && d.line.transport === 'rtu') {
      const { path, ...rest } = d.line
      const settings = JSON.stringify(rest)
      const first = paths.get(path)
      if (first && first.settings !== settings)
        wrong.push(`${where(['devices', i, 'line'])} ${path} has other settings in ${first.device}`)
      paths.set(path, first ?? { device: d.id, settings })
    }
  })
  return wrong
}
