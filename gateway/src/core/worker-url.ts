/**
 * The file of a thread or process beside this one: `.ts` when run from source (where sibling workspaces resolve to their
 * sources too), `.js` when built. Strings are not rewritten by the compiler as imports are.
 */
export function workerUrl(ts: URL): { url: URL; execArgv: string[] } {
  if (import.meta.url.endsWith('.ts')) return { url: ts, execArgv: ['--conditions=source'] }
  return { url: new URL(ts.href.replace(/\.ts$/, '.js')), execArgv: [] }
}
