import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { chmod, mkdir, open, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Secrets } from './context.ts'

/**
 * Reads the two Ed25519 keys, making them at the first start (mode 0600), and the next one of the ledger where somebody
 * has put it there; writes their public halves.
 */
export async function loadSecrets(directory: string): Promise<Secrets> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  return {
    commandKey: await loadKey(directory, 'command'),
    ledgerKey: await loadKey(directory, 'ledger'),
    nextLedgerKey: await loadNext(directory),
  }
}

async function loadKey(directory: string, name: string): Promise<KeyObject> {
  const file = join(directory, `${name}.key`)
  const key = (await readKey(file)) ?? (await makeKey(file))
  await writePublic(directory, name, key)
  return key
}

async function loadNext(directory: string): Promise<KeyObject | null> {
  const name = 'ledger.next'
  const key = await readKey(join(directory, `${name}.key`))
  if (key) await writePublic(directory, name, key)
  return key
}

async function writePublic(directory: string, name: string, key: KeyObject) {
  const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' })
  await writeFile(join(directory, `${name}.pub`), pem, { mode: 0o644 })
}

async function readKey(file: string): Promise<KeyObject | null> {
  const pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (pem === null) return null
  const { mode } = await stat(file)
  if (mode & 0o077) throw new Error(`${file} can be read by others; it must have mode 600`)
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${file} is not an Ed25519 key`)
  return key
}

async function makeKey(file: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await chmod(file, 0o600)
  return privateKey
}
