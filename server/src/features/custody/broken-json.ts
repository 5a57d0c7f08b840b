const blanks = /[ \t\n\r]*/y
const token =
  /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y

/** What may come next; `end` where the text may be over. */
type Next = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'more' | 'end'

/**
 * Where a text stops being JSON, for one that is none: the first token that cannot stand there, or the end. Node's own
 * message names no place in a short text.
 */
export function brokenAt(text: string): number {
  const open: ('{' | '[')[] = []
  let next: Next = 'value'
  for (let at = 0; ; ) {
    blanks.lastIndex = at
    at += blanks.exec(text)?.[0].length ?? 0
    token.lastIndex = at
    const found = token.exec(text)?.[0]
    const then: Next | null = found === undefined ? null : step(next, found, open)
    if (found === undefined || then === null) return at
    next = then
    at += found.length
  }
}

/** Null where the token cannot stand. `open` is what is not closed yet. */
function step(next: Next, found: string, open: ('{' | '[')[]): Next | null {
  const after = (): Next => (open.length === 0 ? 'end' : 'more')
  if (next === 'colon') return found === ':' ? 'value' : null
  if (found === '}' || found === ']') {
    const closes = found === '}' ? '{' : '['
    if (open.at(-1) !== closes || !(next === 'more' || next.endsWith(found))) return null
    open.pop()
    return after()
  }
  if (next === 'more') {
    if (found !== ',') return null
    return open.at(-1) === '{' ? 'key' : 'value'
  }
  if (next === 'key' || next === 'key or }') return found.startsWith('"') ? 'colon' : null
  if (next === 'end' || found === ',' || found === ':') return null
  if (found !== '{' && found !== '[') return after()
  open.push(found)
  return found === '{' ? 'key or }' : 'value or ]'
}
