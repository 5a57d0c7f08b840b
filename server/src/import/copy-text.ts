import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from } from 'pg-copy-streams'

export type CopyValue = string | number | null
export type Rows = Iterable<readonly CopyValue[]>
export type Batches = AsyncIterable<Rows> | Iterable<Rows>
const chunk = 128 * 1024
const special = /[\\\t\n\r]/
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** One line of COPY text format. Most titles have nothing to escape, and are not looked at twice. */
export function copyLine(values: readonly CopyValue[]): string {
  let line = ''
  for (const [i, value] of values.entries()) {
    if (i > 0) line += '\t'
    if (value === null) line += '\\N'
    else if (typeof value === 'number') line += value
    else
      line += special.test(value)
        ? value.replace(/[\\\t\n\r]/g, (c) => escapes[c] as string)
        : value
  }
  return `${line}\n`
}

/** Streams rows into a table over this connection, in pieces that neither side has to wait for. */
export async function copyInto(
  client: ClientBase,
  table: string,
  columns: readonly string[],
  batches: Batches,
): Promise<void> {
  const names = columns.map((c) => `"${c}"`).join(', ')
  const target = client.query(from(`copy ${table} (${names}) from stdin`))
  await pipeline(Readable.from(pieces(batches), { objectMode: true, highWaterMark: 4 }), target)
}

async function* pieces(batches: Batches): AsyncGenerator<Buffer> {
  let text = ''
  for await (const rows of batches)
    for (const row of rows) {
      text += copyLine(row)
      if (text.length < chunk) continue
      yield Buffer.from(text)
      text = ''
    }
  if (text) yield Buffer.from(text)
}
