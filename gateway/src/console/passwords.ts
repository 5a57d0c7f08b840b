import { scrypt, timingSafeEqual } from 'node:crypto'

/** Costs beyond these are not the server's: a roster must not be able to take the memory of the gateway. */
const most = { N: 131_072, r: 16, p: 4 }
/** Verified for an unknown account, so that its answer takes as long as any other. */
export const nobody = `scrypt$32768$8$1$${Buffer.alloc(16).toString('base64')}$${Buffer.alloc(32).toString('base64')}`

/** Checks a password against `scrypt$N$r$p$salt$key` (base64) of the roster; false for what cannot be read. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, n, r, p, salt, key] = hash.split('$')
  const cost = { N: Number(n), r: Number(r), p: Number(p) }
  const expected = Buffer.from(key ?? '', 'base64')
  const readable =
    scheme === 'scrypt' && salt !== undefined && expected.length >= 16 && expected.length <= 64
  if (!readable || !allowed(cost)) return false
  const given = await derive(password, Buffer.from(salt, 'base64'), cost, expected.length)
  return given !== null && timingSafeEqual(given, expected)
}

const allowed = (c: typeof most) =>
  (['N', 'r', 'p'] as const).every((k) => Number.isInteger(c[k]) && c[k] >= 1 && c[k] <= most[k])

function derive(password: string, salt: Buffer, cost: typeof most, length: number) {
  const maxmem = 256 * cost.N * cost.r
  return new Promise<Buffer | null>((resolve) => {
    scrypt(password.normalize('NFKC'), salt, length, { ...cost, maxmem }, (error, key) =>
      resolve(error ? null : key),
    )
  })
}
