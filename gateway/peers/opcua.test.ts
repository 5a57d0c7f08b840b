/**
 * Wireshark's dissector reads a session of ours in mode Sign, which only this test uses: encrypted bodies are opaque and
 * would prove nothing.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AttributeIds,
  MessageSecurityMode,
  makeBrowsePath,
  OPCUAClient,
  SecurityPolicy,
  TimestampsToReturn,
} from 'node-opcua-client'
import { expect } from 'vitest'
import { applicationIn } from '../src/drivers/opcua/application.ts'
import { TestPlace, TestServer } from '../src/drivers/opcua/testing.ts'
import { peerTest } from './programs.ts'

/** Binary encoding ids of the services, OPC 10000-6 annex; requests and their responses. */
const services = {
  CreateSession: [461, 464],
  ActivateSession: [467, 470],
  Browse: [527, 530],
  TranslateBrowsePaths: [554, 557],
  Read: [631, 634],
  Write: [673, 676],
  Call: [712, 715],
  CreateMonitoredItems: [751, 754],
  CreateSubscription: [787, 790],
  Publish: [826, 829],
  CloseSession: [473, 476],
} as const

function capture(dir: string, name: string, ports: string, chunks: readonly Buffer[]): string {
  const text = chunks
    .map((chunk) => {
      const rows: string[] = []
      for (let at = 0; at < chunk.length; at += 16) {
        const row = [...chunk.subarray(at, at + 16)].map((b) => b.toString(16).padStart(2, '0'))
        rows.push(`${at.toString(16).padStart(6, '0')} ${row.join(' ')}`)
      }
      return rows.join('\n')
    })
    .join('\n\n')
  const [hex, pcap] = [join(dir, `${name}.txt`), join(dir, `${name}.pcap`)]
  writeFileSync(hex, `${text}\n`)
  execFileSync('text2pcap', ['-q', '-T', ports, hex, pcap], { stdio: 'ignore' })
  return pcap
}
const tshark = (pcap: string, ...args: string[]): string[] =>
  execFileSync('tshark', ['-r', pcap, '-d', 'tcp.port==4840,opcua', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .split('\n')
    .filter((line) => line !== '')

/** What the drivers ask of a server, once each; every chunk of both directions. */
async function session(here: TestPlace, port: number) {
  const app = await applicationIn(here.dataDir)
  const client = OPCUAClient.create({
    applicationName: 'Lantai',
    applicationUri: app.applicationUri,
    certificateFile: app.certificateFile,
    privateKeyFile: app.privateKeyFile,
    clientCertificateManager: app.manager,
    securityMode: MessageSecurityMode.Sign,
    securityPolicy: SecurityPolicy.Basic256Sha256,
    serverCertificate: here.serverCertificate(),
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
  })
  const [sent, received]: [Buffer[], Buffer[]] = [[], []]
  client.on('send_chunk', (chunk) => void sent.push(Buffer.from(chunk)))
  client.on('receive_chunk', (chunk) => void received.push(Buffer.from(chunk)))
  await client.connect(`opc.tcp://127.0.0.1:${port}`)
  const s = await client.createSession()
  const namespaces = await s.readNamespaceArray()
  const nodeId = `ns=${namespaces.indexOf('urn:lantai:test')};s=Temperature`
  await s.browse('i=85')
  await s.translateBrowsePath(makeBrowsePath('i=84', '/Objects/Server'))
  await s.write({
    nodeId,
    attributeId: AttributeIds.Value,
    value: { value: { dataType: 'Double', value: 21 } },
  })
  const subscription = await s.createSubscription2({
    requestedPublishingInterval: 50,
    requestedLifetimeCount: 100,
    requestedMaxKeepAliveCount: 10,
    publishingEnabled: true,
  })
  const told = new Promise<void>((resolve) => {
    subscription.on('received_notifications', () => resolve())
  })
  await subscription.monitor(
    { nodeId, attributeId: AttributeIds.Value },
    { samplingInterval: 50, queueSize: 10, discardOldest: true },
    TimestampsToReturn.Both,
  )
  await told
  await s.call({
    objectId: 'i=2253',
    methodId: 'i=11492',
    inputArguments: [{ dataType: 'UInt32', value: subscription.subscriptionId }],
  })
  await subscription.terminate()
  await s.close()
  await client.disconnect()
  return { sent, received }
}

peerTest(
  ['tshark'],
  'a session in mode Sign: every service is dissected, none malformed',
  async () => {
    using here = new TestPlace()
    await using server = await TestServer.start(here, { security: 'sign' })
    const { sent, received } = await session(here, server.port)
    // The body of OPN is encrypted in every mode but None.
    const open = (chunk: Buffer) => chunk.toString('latin1', 0, 3) === 'MSG'
    const pcaps = [
      capture(here.dir, 'sent', '40000,4840', sent.filter(open)),
      capture(here.dir, 'received', '4840,40000', received.filter(open)),
    ]
    const seen = pcaps.flatMap((pcap) =>
      tshark(pcap, '-T', 'fields', '-e', 'opcua.servicenodeid.numeric').map(Number),
    )
    expect(seen).toHaveLength(sent.filter(open).length + received.filter(open).length)
    for (const [service, ids] of Object.entries(services))
      for (const id of ids) expect(seen, `${service} ${id}`).toContain(id)
    for (const pcap of pcaps)
      expect(tshark(pcap, '-Y', '_ws.malformed || _ws.expert.severity == error')).toEqual([])
  },
)
