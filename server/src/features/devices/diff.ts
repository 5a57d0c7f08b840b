import { configText, type DeviceDiff, type DeviceEntry, type DeviceFile } from '@lantai/contracts'

type Field = DeviceDiff['fields'][number]

/** What changed from one list to another, device by device, in the order of the newer one. */
export function diffOf(from: DeviceFile, to: DeviceFile): DeviceDiff[] {
  const old = new Map(from.devices.map((d) => [d.id, d]))
  const next = new Set(to.devices.map((d) => d.id))
  const there = to.devices.flatMap((d): DeviceDiff[] => {
    const before = old.get(d.id)
    if (!before) return [{ device: d.id, what: 'added', fields: fieldsOf({}, d) }]
    const fields = fieldsOf(before, d)
    return fields.length > 0 ? [{ device: d.id, what: 'changed', fields }] : []
  })
  const gone = from.devices
    .filter((d) => !next.has(d.id))
    .map((d): DeviceDiff => ({ device: d.id, what: 'removed', fields: fieldsOf(d, {}) }))
  return [...there, ...gone]
}

/** Leaves that differ, by their JSON pointer. */
function fieldsOf(from: Partial<DeviceEntry>, to: Partial<DeviceEntry>): Field[] {
  const [a, b] = [leaves(from), leaves(to)]
  const paths = [...new Set([...a.keys(), ...b.keys()])]
  return paths
    .filter((path) => configText(a.get(path) ?? null) !== configText(b.get(path) ?? null))
    .map((path) => ({
      path: path.slice(0, 200),
      from: a.get(path) ?? null,
      to: b.get(path) ?? null,
    }))
}

function leaves(value: unknown, path = '', into = new Map<string, unknown>()) {
  if (value === null || typeof value !== 'object') return into.set(path, value)
  // An empty one is a value; a full one is its parts.
  if (Object.keys(value).length === 0 && path !== '') return into.set(path, value)
  for (const [key, v] of Object.entries(value))
    leaves(v, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, into)
  return into
}
