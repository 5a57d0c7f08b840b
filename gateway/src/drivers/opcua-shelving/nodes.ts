import { fill, type NodeMap, perColumn } from '../opcua/map.ts'
import { namespacesOf, nodeOf } from '../opcua/nodes.ts'
import type { OpcUaSession } from '../opcua/session.ts'
import type { OpcUaShelving } from './kind.ts'
import type { Values } from './observe.ts'

/** The nodes of one bank in this session, in the order in which they are read. */
export class BankNodes {
  readonly #namespaces: ReadonlyMap<string, number>
  readonly #map: NodeMap
  readonly #device: OpcUaShelving
  readonly #read: { key: string; column: number | null; node: string }[]

  private constructor(
    namespaces: ReadonlyMap<string, number>,
    map: NodeMap,
    device: OpcUaShelving,
  ) {
    this.#namespaces = namespaces
    this.#map = map
    this.#device = device
    this.#read = map.points.flatMap((p) =>
      (perColumn(p) ? device.columns.map((_, i) => i + 1) : [null]).flatMap((column) => {
        const node = this.of(p.node, column ?? undefined)
        return node === null ? [] : [{ key: p.key, column, node }]
      }),
    )
  }

  /** Null when the session ended, or when this is another server than the map is of. */
  static async in(session: OpcUaSession, map: NodeMap, device: OpcUaShelving) {
    const namespaces = await namespacesOf(session)
    if (!namespaces) return null
    if (namespaces.has(map.namespace)) return new BankNodes(namespaces, map, device)
    session.end(`the server has no namespace ${map.namespace}`)
    return null
  }

  of(pattern: string, column?: number): string | null {
    return nodeOf(fill(this.#map, pattern, this.#device.at, column), this.#namespaces)
  }

  /** All points in one request; what the server does not vouch for is null. Null when the session ended. */
  async read(session: OpcUaSession): Promise<Values | null> {
    const answers = await session.read(this.#read.map((r) => r.node))
    if (!answers) return null
    const values = new Map<string, unknown>()
    for (const [i, { key, column }] of this.#read.entries()) {
      const answer = answers[i]
      // `Uncertain` is not good: a value that its own server doubts is no interlock input.
      const value: unknown = answer?.statusCode.isGood() ? answer.value.value : null
      if (column === null) values.set(key, value)
      else values.set(key, [...((values.get(key) as unknown[] | undefined) ?? []), value])
    }
    return values
  }
}
