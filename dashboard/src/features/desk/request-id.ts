/** A random version 4 UUID. `crypto.randomUUID` is missing outside secure contexts, as plain http on a LAN is. */
export function newRequestId(
  random = (b: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(b),
): string {
  const b = random(new Uint8Array(16))
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x40
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80
  const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
}
