/** Subscriptions of one reader: scan events, or the last scanned value where it has no events. */
import {
  AttributeIds,
  type ClientSubscription,
  DataChangeFilter,
  DataChangeTrigger,
  type DataValue,
  EventFilter,
  type Variant,
} from 'node-opcua-client'
import { bothTimes, type OpcUaSession } from '../opcua/session.ts'
import type { FoundReader } from './find.ts'

/** Ids of the standard, and of the AutoID namespace. */
const server = 'i=2253'
const baseEventType = 'i=2041'
export const queueOverflowEventType = 'ns=0;i=3035'
const autoIdScanEventType = 1004
const subscribeToEvents = 1
const queueSize = 1000
const publishEveryMs = 100
const keepAliveEvery = 20
const lifetimeOf = 300

export interface ScanEvent {
  id: string
  type: string
  source: string
  results: Variant | undefined
}
export interface LastScan {
  data: DataValue
  antenna: DataValue | undefined
  rssi: DataValue | undefined
}

interface Notification {
  schema: { name: string }
  events?: { clientHandle: number; eventFields: Variant[] | null }[] | null
  monitoredItems?: { clientHandle: number; value: DataValue }[] | null
}

async function subscribe(
  session: OpcUaSession,
  hear: (notifications: readonly Notification[]) => void,
): Promise<ClientSubscription | null> {
  const asked = session.raw.createSubscription2({
    requestedPublishingInterval: publishEveryMs,
    requestedMaxKeepAliveCount: keepAliveEvery,
    requestedLifetimeCount: lifetimeOf,
    maxNotificationsPerPublish: queueSize,
    publishingEnabled: true,
    priority: 1,
  })
  const subscription = await session.within('subscription', asked, 3000)
  subscription?.on('terminated', () => session.end('the server ended the subscription'))
  // Heard here, bodies are still the bytes that the reader sent: the stack then has nothing left to translate with the
  // server's dictionary, which it would have to browse first.
  subscription?.on('received_notifications', (message) => {
    const notifications = (message.notificationData ?? []) as unknown as Notification[]
    hear(notifications)
    for (const n of notifications) {
      if (n.events) n.events = []
      if (n.monitoredItems) n.monitoredItems = []
    }
  })
  return subscription
}

/**
 * Where its scan events are to be had: at the reader itself, or at the Server object for all devices. One of them
 * only, for each event comes at both.
 */
async function notifierOf(session: OpcUaSession, reader: FoundReader): Promise<string | null> {
  const nodes = [reader.node, server]
  const asked = nodes.map((nodeId) => ({ nodeId, attributeId: AttributeIds.EventNotifier }))
  const values = await session.within('read', session.raw.read(asked), 3000)
  const at = values?.findIndex(
    (v) => v.statusCode.isGood() && (Number(v.value.value) & subscribeToEvents) !== 0,
  )
  return at === undefined || at < 0 ? null : (nodes[at] ?? null)
}

const selected = (autoId: number) =>
  new EventFilter({
    selectClauses: [
      { typeDefinitionId: baseEventType, browsePath: [{ name: 'EventId' }] },
      { typeDefinitionId: baseEventType, browsePath: [{ name: 'EventType' }] },
      { typeDefinitionId: baseEventType, browsePath: [{ name: 'SourceNode' }] },
      {
        typeDefinitionId: `ns=${autoId};i=${autoIdScanEventType}`,
        browsePath: [{ namespaceIndex: autoId, name: 'ScanResult' }],
      },
    ].map((clause) => ({ ...clause, attributeId: AttributeIds.Value })),
  })

/** Begins to hear scan events; false when the reader has none to give. */
export async function hearEvents(
  session: OpcUaSession,
  reader: FoundReader,
  hear: (event: ScanEvent) => void,
): Promise<boolean> {
  const nodeId = await notifierOf(session, reader)
  if (!nodeId) return false
  const subscription = await subscribe(session, (notifications) => {
    for (const n of notifications)
      for (const { eventFields } of n.events ?? []) hear(eventOf(eventFields ?? []))
  })
  if (!subscription) return false
  const item = await session.within(
    'monitoring of events',
    subscription.monitor(
      { nodeId, attributeId: AttributeIds.EventNotifier },
      { samplingInterval: 0, queueSize, discardOldest: true, filter: selected(reader.autoId) },
      bothTimes,
    ),
    3000,
  )
  return item?.statusCode.isGood() ?? false
}

function eventOf([id, type, source, results]: readonly (Variant | undefined)[]): ScanEvent {
  return {
    id: Buffer.isBuffer(id?.value) ? id.value.toString('hex') : '',
    type: String(type?.value ?? ''),
    source: String(source?.value ?? ''),
    results,
  }
}

/** The same tag read again, or the same antenna, is news by its time alone. */
const everyTime = new DataChangeFilter({ trigger: DataChangeTrigger.StatusValueTimestamp })

/** Begins to hear what was scanned last, with antenna and strength where they carry the same time. */
export async function hearLastScans(
  session: OpcUaSession,
  at: { data: string; antenna: string | undefined; rssi: string | undefined },
  hear: (scan: LastScan) => void,
): Promise<boolean> {
  const roles = new Map<number, keyof LastScan>()
  let early: Notification[] | null = []
  const take = (n: Notification) => {
    const heard = (n.monitoredItems ?? []).map((m) => ({ ...m, role: roles.get(m.clientHandle) }))
    for (const { role, value } of heard) {
      if (role !== 'data') continue
      const same = (wanted: keyof LastScan) =>
        heard.find((h) => h.role === wanted && sameTime(h.value, value))?.value
      hear({ data: value, antenna: same('antenna'), rssi: same('rssi') })
    }
  }
  const subscription = await subscribe(session, (notifications) => {
    for (const n of notifications) {
      // The array is taken out of the notification behind us.
      const kept = { ...n }
      if (early) early.push(kept)
      else take(kept)
    }
  })
  if (!subscription) return false
  for (const role of ['data', 'antenna', 'rssi'] as const) {
    const nodeId = at[role]
    if (!nodeId) continue
    const asked = subscription.monitor(
      { nodeId, attributeId: AttributeIds.Value },
      { samplingInterval: 0, queueSize, discardOldest: true, filter: everyTime },
      bothTimes,
    )
    const item = await session.within('monitoring of the last scan', asked, 3000)
    if (!item) return false
    if (item.statusCode.isGood()) roles.set(item.monitoringParameters.clientHandle, role)
  }
  for (const n of early.splice(0)) take(n)
  early = null
  return [...roles.values()].includes('data')
}

const sameTime = (a: DataValue, b: DataValue): boolean =>
  a.sourceTimestamp !== null &&
  a.sourceTimestamp?.getTime() === b.sourceTimestamp?.getTime() &&
  a.sourcePicoseconds === b.sourcePicoseconds
