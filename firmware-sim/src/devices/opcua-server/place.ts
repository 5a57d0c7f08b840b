import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = new Map<string, string>()

/** A folder for the certificates of a device that runs alone: the same one for as long as this process lives. */
export function temporaryPki(name: string): string {
  const folder = folders.get(name) ?? mkdtempSync(join(tmpdir(), `lantai-${name}-`))
  folders.set(name, folder)
  return folder
}
