import { randomBytes, scryptSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AttributeIds, type ClientSession, type OPCUAClient } from 'node-opcua-client'
import { expect, test } from 'vitest'
import { applicationIn } from '../../drivers/opcua/application.ts'
import { connect } from '../../drivers/opcua/connect.ts'
import { TestPlace } from '../../drivers/opcua/testing.ts'
import { approve, listRejected, pkiOf, secretsDirOf, viewPkiOf } from '../../drivers/opcua/trust.ts'
import type { ViewDevice } from './protocol.ts'
import { ViewServer } from './server.ts'
import { loadOpcUaView } from './settings.ts'

const password = '只读口令'
function hash(of: string) {
  const salt = randomBytes(16)
  const key = scryptSync(of, salt, 32, { N: 1024, r: 8, p: 1 })
  return `scrypt$1024$8$1$${salt.toString('base64')}$${key.toString('base64')}`
}
const now = Date.parse('2026-01-02T03:04:05.000Z')
const sample = { at: now, quality: 'good' } as const
const room: ViewDevice[] = [
  {
    id: 'air-1',
    samples: [
      { ...sample, name: 'Air/room/Temperature', type: 'Double', value: 20.5 },
      { ...sample, name: 'Air/room/Humidity', type: 'Double', value: null, quality: 'stale' },
      { ...sample, name: 'Contact/smoke', type: 'Boolean', value: null, quality: 'bad' },
    ],
  },
]
const approveAll = (pki: string) =>
  listRejected(pki).map(({ thumbprint }) => approve(pki, thumbprint)).length

/** A view, and a plant's client whose certificate both sides have approved. */
async function rig(here: TestPlace) {
  const settings = { port: 0, users: [{ name: 'scada', hash: hash(password) }] }
  const viewPki = viewPkiOf(here.dir)
  const view = await ViewServer.start({ settings, pki: viewPki, name: 'gw-01' })
  const app = await applicationIn(here.dataDir)
  const secrets = secretsDirOf(here.dataDir)
  mkdirSync(secrets, { recursive: true })
  const passwordFile = 'password'
  const setPassword = (text: string) => writeFileSync(join(secrets, passwordFile), text)
  setPassword(password)
  const clients: OPCUAClient[] = []
  const endpoint = `opc.tcp://127.0.0.1:${view.port}`
  const open = (user?: { name: string; passwordFile: string }) =>
    connect({ endpoint, ...(user ? { user } : {}) }, app, (c) => void clients.push(c))
  return {
    view,
    viewPki,
    ourPki: pkiOf(here.dataDir),
    open: () => open({ name: 'scada', passwordFile }),
    anonymous: () => open(),
    setPassword,
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((c) => c.disconnect().catch(() => undefined)))
      await view[Symbol.asyncDispose]()
    },
  }
}
async function read(session: ClientSession, name: string) {
  const namespaces = await session.readNamespaceArray()
  const nodeId = `ns=${namespaces.indexOf('urn:lantai:view')};s=air-1/${name}`
  const { value, statusCode } = await session.read({ nodeId, attributeId: AttributeIds.Value })
  return { nodeId, value: value.value as unknown, status: statusCode.name }
}

test('a plant reads what is known, after a person has let it in; what is not known has no value', async () => {
  using here = new TestPlace()
  await using r = await rig(here)
  await expect(r.open()).rejects.toThrow('is not approved')
  expect(approveAll(r.ourPki)).toBe(1)
  await expect(r.open()).rejects.toThrow()
  expect(approveAll(r.viewPki)).toBe(1)
  await r.view.reload()
  await expect(r.anonymous()).rejects.toThrow()
  r.setPassword('错的')
  await expect(r.open()).rejects.toThrow()
  r.setPassword(password)
  const { session } = await r.open()
  r.view.show(room)
  const temperature = await read(session, 'Air/room/Temperature')
  expect(temperature).toMatchObject({ value: 20.5, status: 'Good' })
  expect(await read(session, 'Air/room/Humidity')).toMatchObject({
    value: null,
    status: 'BadNoCommunication',
  })
  expect(await read(session, 'Contact/smoke')).toMatchObject({ value: null, status: 'BadNoData' })
  const { nodeId } = temperature
  const written = await session.write({
    nodeId,
    attributeId: AttributeIds.Value,
    value: { value: { dataType: 'Double', value: 5 } },
  })
  expect(written.name).toMatch(/^BadNotWritable|^BadUserAccessDenied/)
  r.view.show([])
  expect(await read(session, 'Air/room/Temperature')).toMatchObject({ status: 'BadNoData' })
  r.view.show(room)
  r.view.blank()
  expect(await read(session, 'Air/room/Temperature')).toMatchObject({
    value: null,
    status: 'BadNoCommunication',
  })
})

test('settings say everything that is wrong at once', () => {
  using here = new TestPlace()
  const file = join(here.dir, 'view.yaml')
  writeFileSync(file, 'port: 70000\nusers: [{ name: a, hash: plain }]\n')
  const loaded = loadOpcUaView(file)
  expect('wrong' in loaded && loaded.wrong.length).toBe(2)
  writeFileSync(file, `port: 4840\nusers: [{ name: a, hash: "${hash('x')}" }]\n`)
  expect(loadOpcUaView(file)).toMatchObject({ settings: { port: 4840 } })
})
