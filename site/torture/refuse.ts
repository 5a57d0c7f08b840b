import process from 'node:process'

/** A wrong call: one sentence and 64. */
export function refuse(text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(64)
}

/** `options` as `parse` reads them; what it does not know is a wrong call. */
export function orRefuse<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

/** A whole number from one up, as `--name` gave it; anything else would torture nothing and call it good. */
export function countOf(name: string, text: string): number {
  const n = Number(text)
  return Number.isSafeInteger(n) && n >= 1 ? n : refuse(`--${name} ${text} is no number from 1 up`)
}
