/** Who may say and hear what. Default deny; the identity is the certificate's common name (reliability 4.2). */
import { canaryTopic, parseTopic, serverTopics, topics } from '@lantai/contracts'

/** `server` speaks for the store; `observer` only listens, for the site's own signals; all others are gateways. */
export const reserved = { server: 'server', observer: 'observer' } as const

/** Largest payload that anybody may publish, in bytes; a gateway's batch is at most 256 KiB. */
const payloadLimit = { gateway: 300 * 1024, server: 2 * 1024 * 1024 } as const

/** What the observer may hear: backlog and births, no content. */
export const observed = (site: string) => [`lantai/v1/${site}/+/tick`, `lantai/v1/${site}/+/state`]

/** MQTT topic filter match for `+` only; `#` is never granted. */
export function matches(filter: string, topic: string): boolean {
  const f = filter.split('/')
  const t = topic.split('/')
  return f.length === t.length && f.every((part, i) => part === '+' || part === t[i])
}

/** A client id is bound to its certificate; only the server may have several at once, told apart by a suffix. */
export const mayConnect = (identity: string, clientId: string): boolean =>
  clientId === identity ||
  ((identity === reserved.server || identity === reserved.observer) &&
    /^[a-z0-9:-]{1,60}$/.test(clientId) &&
    clientId.startsWith(`${identity}-`))

export interface Publication {
  readonly topic: string
  readonly retain: boolean
  readonly bytes: number
}

export function mayPublish(site: string, identity: string, p: Publication): boolean {
  const parsed = parseTopic(p.topic)
  if (!parsed || parsed.site !== site || /[+#]/.test(p.topic)) return false
  if (identity === reserved.observer) return false
  if (identity === reserved.server) {
    if (p.bytes > payloadLimit.server || p.retain) return false
    if (p.topic === canaryTopic(site)) return true
    return topics(site, parsed.gateway).maySubscribe.some((f) => matches(f, p.topic))
  }
  // S9: one writer per bay. A gateway speaks for itself alone.
  // A birth is the only thing worth keeping; a retained command would run late (rule S5).
  if (p.retain && p.topic !== topics(site, identity).state) return false
  if (p.bytes > payloadLimit.gateway) return false
  return topics(site, identity).mayPublish.some((f) => matches(f, p.topic))
}

export function maySubscribe(site: string, identity: string, filter: string): boolean {
  if (identity === reserved.server) return serverTopics(site).includes(filter)
  if (identity === reserved.observer) return observed(site).includes(filter)
  const own = topics(site, identity).maySubscribe
  return own.some(
    (f) => f === filter || (!filter.includes('+') && !filter.includes('#') && matches(f, filter)),
  )
}
