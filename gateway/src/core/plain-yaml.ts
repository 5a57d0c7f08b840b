import type { Document } from 'yaml'

/** Core schema, nothing said to the console: what is wrong comes back as text. */
export const yamlOptions = {
  version: '1.2',
  schema: 'core',
  uniqueKeys: true,
  prettyErrors: false,
  logLevel: 'error',
} as const

/** The plain value of a document without errors. That an alias leads nowhere, or to too much, shows only here. */
export function plainValue(doc: Document): { value: unknown } | { wrong: string } {
  try {
    return { value: doc.toJS({ maxAliasCount: 20 }) }
  } catch (error) {
    if (error instanceof ReferenceError) return { wrong: error.message }
    throw error
  }
}
