import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

const N = 32_768
const r = 8
const p = 1
const keyBytes = 32

/** `scrypt$N$r$p$salt$key`, base64: the form that gateways read from the roster as well. */
export async function hashPassword(password: string, salt = randomBytes(16)): Promise<string> {
  const key = await derive(password, salt, { N, r, p }, keyBytes)
  return `scrypt$${N}$${r}$${p}$${salt.toString('base64')}$${key.toString('base64')}`
}

/** False for a wrong password and for a hash that cannot be read. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, n, rr, pp, salt, key] = hash.split('$')
  if (scheme !== 'scrypt' || !salt || !key) return false
  const expected = Buffer.from(key, 'base64')
  const parameters = { N: Number(n), r: Number(rr), p: Number(pp) }
  const given = await derive(password, Buffer.from(salt, 'base64'), parameters, expected.length)
  return timingSafeEqual(given, expected)
}

function derive(
  password: string,
  salt: Buffer,
  cost: { N: number; r: number; p: number },
  length: number,
): Promise<Buffer> {
  const maxmem = 256 * cost.N * cost.r
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, length, { ...cost, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
