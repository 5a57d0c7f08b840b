import { readFile } from 'node:fs/promises'
import type { EpcProfile } from '@lantai/contracts'
import type { Put } from '../outbox/types.ts'
import { loadEpcProfiles } from './epc-profiles.ts'
import type { Logger } from './log.ts'

/** Key of the small store: the text of the last good file. */
const keptKey = 'epc.profiles'

export interface ProfileTrouble {
  code: 'epc-profiles-invalid' | 'epc-profiles-unreadable'
  wrong: string[]
}

export interface ProfileFileDeps {
  /** Without a path there are no profiles, whatever was kept. */
  path: string | undefined
  restored: Record<string, string>
  keep(put: Put): void
  log: Logger
}

type Found = { text: string } | { missing: true } | { error: string }

/**
 * The numberings of a site, as the last good file said them: only a good file puts others in their place, and a start
 * goes on with them whatever the file says then. A list of none is `[]`.
 */
export class EpcProfileFile {
  readonly #deps: ProfileFileDeps
  #kept: string | undefined
  #inForce: readonly EpcProfile[] = []
  #trouble: ProfileTrouble | null = null
  #looking = false

  constructor(deps: ProfileFileDeps) {
    this.#deps = deps
    const kept = deps.path === undefined ? undefined : deps.restored[keptKey]
    const last = kept === undefined ? null : loadEpcProfiles(kept)
    if (!last?.ok) return
    this.#kept = kept
    this.#inForce = last.profiles
  }

  get inForce(): readonly EpcProfile[] {
    return this.#inForce
  }
  /** What is wrong with the file as it is now; null when it is what is in force. */
  get trouble(): ProfileTrouble | null {
    return this.#trouble
  }

  /** Reads the file again; what is the same as before is not judged again. */
  async look(): Promise<void> {
    const { path } = this.#deps
    if (path === undefined || this.#looking) return
    this.#looking = true
    try {
      this.#judge(await find(path))
    } finally {
      this.#looking = false
    }
  }

  #judge(found: Found) {
    if ('error' in found) return this.#tell('epc-profiles-unreadable', [found.error])
    if ('missing' in found) {
      // A site that never had one has nothing to lose.
      if (this.#kept === undefined) this.#trouble = null
      else this.#tell('epc-profiles-unreadable', ['the file is gone'])
      return
    }
    const loaded = found.text === this.#kept ? null : loadEpcProfiles(found.text)
    if (loaded && !loaded.ok) return this.#tell('epc-profiles-invalid', loaded.wrong)
    this.#trouble = null
    if (!loaded) return
    this.#kept = found.text
    this.#inForce = loaded.profiles
    this.#deps.keep({ key: keptKey, value: found.text })
    this.#deps.log.info({ profiles: loaded.profiles.map((p) => p.name) }, 'EPC profiles in force')
  }

  #tell(code: ProfileTrouble['code'], wrong: string[]) {
    const before = this.#trouble
    this.#trouble = { code, wrong }
    if (before?.code === code && before.wrong.join('\n') === wrong.join('\n')) return
    const inForce = this.#inForce.map((p) => p.name)
    this.#deps.log.error({ code, wrong, inForce }, 'EPC profiles are as they were')
  }
}

async function find(path: string): Promise<Found> {
  try {
    return { text: await readFile(path, 'utf8') }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? { missing: true } : { error: message }
  }
}
