/** A value as JSON can carry it: bytes as hexadecimal, whole numbers beyond 2^53 as decimal text. */
export function jsonSafe(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const safe = value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER
    return safe ? Number(value) : value.toString()
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex').toUpperCase()
  if (value instanceof Map) return jsonSafe(Object.fromEntries(value))
  if (value instanceof Set || Array.isArray(value)) return [...value].map(jsonSafe)
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, jsonSafe(v)]))
}
