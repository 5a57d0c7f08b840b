import { DeviceFile, type Facets } from '@lantai/contracts'
import { Errors } from 'typebox/value'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import type { KnownDevice } from '../drivers/driver.ts'
import { driverKinds } from '../drivers/registry.ts'
import { plainValue, yamlOptions } from './plain-yaml.ts'

export type DeviceFileResult =
  | { ok: true; file: DeviceFile; devices: KnownDevice[] }
  | { ok: false; wrong: string[] }

/** Says where a path of the list stands, for a person. */
type Where = (path: (string | number)[]) => string
const byPath: Where = (path) => path.join('.') || 'file'

/**
 * Reads the device list: YAML core schema, then the contract, then what no schema can say. A bad file is
 * rejected whole, with every error and its line where there is one (G6, D12).
 */
export function loadDevices(text: string): DeviceFileResult {
  const lines = new LineCounter()
  const doc = parseDocument(text, { ...yamlOptions, lineCounter: lines })
  const at = (offset: number) => `line ${lines.linePos(offset).line}`
  if (doc.errors.length > 0)
    return { ok: false, wrong: doc.errors.map((e) => `${at(e.pos[0])}: ${e.message}`) }
  const plain = plainValue(doc)
  if ('wrong' in plain) return { ok: false, wrong: [plain.wrong] }
  return checkDevices(plain.value, (path) => whereIs(doc, path, at))
}

function whereIs(doc: Document, path: (string | number)[], at: (offset: number) => string): string {
  for (let n = path.length; n >= 0; n--) {
    const node = n === 0 ? doc.contents : doc.getIn(path.slice(0, n), true)
    if (isNode(node) && node.range) return `${at(node.range[0])}: ${byPath(path)}`
  }
  return byPath(path)
}

/** The same for a list that came as a value. Nothing is opened by looking at it. */
export function checkDevices(value: unknown, where: Where = byPath): DeviceFileResult {
  const common = Errors(DeviceFile, value).flatMap((e) => explain(e, [], where))
  // What is common to all stands in both schemas, and is said once.
  const wrong = [...new Set([...entryErrors(value, where), ...common])]
  if (wrong.length > 0) return { ok: false, wrong }
  const file = value as DeviceFile
  const devices = file.devices.map((entry): KnownDevice => {
    const kind = driverKinds.get(entry.driver)
    if (!kind) throw new Error(`driver ${entry.driver} was checked`)
    return { entry, kind, facets: kind.facets(entry) }
  })
  const clashes = contradictions(devices, where)
  return clashes.length > 0 ? { ok: false, wrong: clashes } : { ok: true, file, devices }
}

/** Each device against the schema of the driver that it names. */
function entryErrors(value: unknown, where: Where): string[] {
  const list = (value as { devices?: unknown } | null)?.devices
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: unknown, i) => {
    const driver = (entry as { driver?: unknown } | null)?.driver
    if (typeof driver !== 'string') return []
    const kind = driverKinds.get(driver)
    if (!kind) return [`${where(['devices', i, 'driver'])} names no driver of this gateway`]
    return Errors(kind.schema, entry)
      .filter((e) => e.keyword !== 'anyOf' && !ofOtherMember(entry, e.schemaPath))
      .flatMap((e) => explain(e, ['devices', i], where))
  })
}

/** A union answers with the errors of all its members; only those of the chosen transport mean anything. */
function ofOtherMember(entry: unknown, schemaPath: string): boolean {
  if (!schemaPath.includes('/line/anyOf/')) return false
  const { transport } = (entry as { line?: { transport?: unknown } }).line ?? {}
  return !schemaPath.includes(transport === 'rtu' ? '/line/anyOf/1' : '/line/anyOf/0')
}

interface Wrong {
  instancePath: string
  message: string
  params: object
}

function explain(e: Wrong, above: (string | number)[], where: Where): string[] {
  const steps = e.instancePath.split('/').slice(1)
  const path = [...above, ...steps.map((p) => (/^\d+$/.test(p) ? Number(p) : p))]
  const missing = (e.params as { requiredProperties?: string[] }).requiredProperties
  if (missing) return [`${where(path)} ${missing.join(', ')} is missing`]
  const unknown = e.message === 'schema is false'
  return [`${where(path)} ${unknown ? 'is not known here' : e.message}`]
}

function contradictions(devices: readonly KnownDevice[], where: Where): string[] {
  const wrong: string[] = []
  const seen = new Map<string, { device: string; settings: string | undefined }>()
  devices.forEach(({ entry, kind, facets }, i) => {
    const at = (field: string) => where(['devices', i, field])
    const claim = (key: string, field: string, settings?: string) => {
      const first = seen.get(key)
      if (!first) seen.set(key, { device: entry.id, settings })
      else if (settings === undefined)
        wrong.push(`${at(field)} "${key}" is used by ${first.device} already`)
      else if (first.settings !== settings)
        wrong.push(`${at(field)} ${key} has other settings in ${first.device}`)
    }
    claim(`device ${entry.id}`, 'id')
    for (const [key, field] of claimsOf(facets)) claim(key, field)
    if (facets.bank) {
      // S9: one writer per bay, so neither a bank nor its controller nor a column is served twice.
      if (new Set(facets.bank.columns).size < facets.bank.columns.length)
        wrong.push(`${at('columns')} names a column twice`)
    }
    for (const c of kind.claims(entry)) claim(c.key, c.at, c.settings)
    for (const sentence of kind.check?.(entry) ?? [])
      wrong.push(`${where(['devices', i])} ${sentence}`)
  })
  return wrong
}

/** What may be there only once in a store, whatever the protocol. */
function claimsOf({ air, contacts, bank }: Facets): [key: string, field: string][] {
  const points = [...(air?.sensors ?? []), ...(contacts ?? [])]
  const own = points.map((p): [string, string] => [`point ${p.id}`, 'id'])
  if (!bank) return own
  const columns = [...new Set(bank.columns)].map((c): [string, string] => [
    `${bank.room} column ${c}`,
    'columns',
  ])
  return [...own, [`bank ${bank.bank}`, 'bank'], ...columns]
}
