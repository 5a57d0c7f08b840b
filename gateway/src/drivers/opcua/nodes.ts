import { type BrowsePath, makeBrowsePath } from 'node-opcua-client'
import type { OpcUaSession } from './session.ts'

/** Index of each namespace in this session: it may be another after the server's next start. */
export async function namespacesOf(
  session: OpcUaSession,
): Promise<ReadonlyMap<string, number> | null> {
  const list = await session.within('namespaces', session.raw.readNamespaceArray(), 3000)
  return list ? new Map(list.map((uri, index) => [uri, index])) : null
}

/** `nsu=URI;s=NAME` as this server counts its namespaces; null where it has none such. */
export function nodeOf(name: string, namespaces: ReadonlyMap<string, number>): string | null {
  const found = /^nsu=([^;]+);(.+)$/s.exec(name)
  if (!found) return name
  const index = namespaces.get(found[1] ?? '')
  return index === undefined ? null : `ns=${index};${found[2]}`
}

/** The node at each path below `from`; null where there is none. */
export async function below(
  session: OpcUaSession,
  from: string,
  paths: readonly string[],
): Promise<(string | null)[] | null> {
  const wanted: BrowsePath[] = paths.map((path) => makeBrowsePath(from, path))
  const results = await session.within('browse path', session.raw.translateBrowsePath(wanted), 3000)
  return (
    results?.map((r) =>
      r.statusCode.isGood() ? (r.targets?.[0]?.targetId.toString() ?? null) : null,
    ) ?? null
  )
}
