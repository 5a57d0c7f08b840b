/**
 * Asks the gateway for motion while the server is down, with the server's own key and certificate: nothing but the
 * gateway is left to refuse it.
 */
import { randomUUID, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  type BankReport,
  type Command,
  type CommandTransition,
  parseTopic,
  serverTopics,
  type Tick,
  topics,
} from '@lantai/contracts'
import { connectAsync, type MqttClient } from 'mqtt'
import type { Static } from 'typebox'
import { dataDirAt } from '../../src/data/data-dir.ts'
import type { Site } from '../../src/site.ts'

/** The first word of the gateway about it. */
export async function askWithoutServer(
  site: Site,
  wanted: { bank: string; aisle: number },
): Promise<CommandTransition> {
  const { edge } = site
  const dir = dataDirAt(dirname(site.accountsFile))
  const client = await connectAsync(edge.url, {
    clientId: 'server-journey',
    ca: readFileSync(edge.files.ca),
    cert: readFileSync(join(dir.pki, 'server.crt')),
    key: readFileSync(join(dir.pki, 'server.key')),
  })
  try {
    await client.subscribeAsync(serverTopics(edge.site))
    const { nonce } = await next<Static<typeof Tick>>(client, 'tick')
    const command = await commandOf(site, wanted, nonce)
    const answer = next<CommandTransition>(client, `res/${command.id}`)
    const body = JSON.stringify(command)
    const key = readFileSync(join(dir.serverSecrets, 'command.key'))
    const sig = sign(null, Buffer.from(body), key).toString('base64')
    const to = topics(edge.site, edge.gateway).cmd(command.id)
    await client.publishAsync(to, JSON.stringify({ body, sig }), { qos: 1 })
    return await answer
  } finally {
    await client.endAsync(true)
  }
}

/** The next message whose topic ends like this. */
function next<T>(client: MqttClient, ending: string): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>()
  client.on('message', (topic, payload) => {
    if (parseTopic(topic)?.rest.join('/') === ending) resolve(JSON.parse(payload.toString()))
  })
  return promise
}

/** As good as a command can be: the present revision, a fresh nonce, a role that may move steel. */
async function commandOf(
  site: Site,
  wanted: { bank: string; aisle: number },
  nonce: string,
): Promise<Command> {
  const state = await fetch(`${site.consoleUrl}/local/state`)
  const { banks } = (await state.json()) as { banks: BankReport[] }
  const revision = banks.find((b) => b.bank === wanted.bank)?.observed?.revision ?? null
  const now = Date.now()
  return {
    id: randomUUID(),
    gateway: site.edge.gateway,
    bank: wanted.bank,
    verb: 'open',
    aisle: wanted.aisle,
    requester: { id: randomUUID(), name: '林档', roles: ['archivist'] },
    approver: null,
    reason: null,
    purpose: null,
    expectedRevision: revision,
    nonce,
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 5000).toISOString(),
  }
}
