import { expect, test } from 'vitest'
import { hashPassword, verifyPassword } from './password.ts'

test('a hash has the form that gateways read, a salt of its own, and fits only its password', async () => {
  const [a, b] = await Promise.all([hashPassword('口令 one'), hashPassword('口令 one')])
  expect(a).toMatch(/^scrypt\$32768\$8\$1\$[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=$/)
  expect(a).not.toBe(b)
  expect(await verifyPassword('口令 one', a)).toBe(true)
  expect(await verifyPassword('口令 two', a)).toBe(false)
})

test('a hash that cannot be read fits nothing', async () => {
  for (const hash of ['', 'scrypt', 'md5$1$1$1$AA==$AA==', 'scrypt$32768$8$1$AA==$'])
    expect(await verifyPassword('', hash)).toBe(false)
})
