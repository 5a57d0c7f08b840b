/** Profiles from their YAML, checked whole: every complaint at once, so that one is mended in one go. */
import { readdirSync, readFileSync } from 'node:fs'
import { OneOf } from '@lantai/contracts'
import { Errors } from 'typebox/value'
import { parseDocument } from 'yaml'
import { plainValue, yamlOptions } from '../../core/plain-yaml.ts'
import { words } from '../schema.ts'
import { contradictions } from './contradictions.ts'
import type { LineConfig } from './line.ts'
import { type Profile, type ProfileOf, profileSchemas, type Serves } from './profile.ts'

export class ProfileError extends Error {
  override readonly name = 'ProfileError'
}

const isServes = (value: unknown): value is Serves =>
  typeof value === 'string' && Object.hasOwn(profileSchemas, value)

/** Throws a ProfileError with everything that is wrong. */
export function parseProfile(text: string, file: string): Profile {
  const doc = parseDocument(text, yamlOptions)
  const fail = (wrong: string[]): never => {
    throw new ProfileError(`profile ${file}: ${wrong.join('; ')}`)
  }
  if (doc.errors.length > 0) fail(doc.errors.map((e) => e.message))
  const plain = plainValue(doc)
  if ('wrong' in plain) return fail([plain.wrong])
  const { value } = plain
  const serves = (value as { serves?: unknown } | null)?.serves
  if (!isServes(serves)) return fail([`/serves must be ${Object.keys(profileSchemas).join(', ')}`])
  const wrong = Errors(profileSchemas[serves], value).map((e) => {
    const { additionalProperties: unknown } = e.params as { additionalProperties?: string[] }
    return `${e.instancePath || '/'} ${e.message}${unknown ? `: ${unknown.join(', ')}` : ''}`
  })
  if (wrong.length > 0) fail(wrong)
  const profile = value as Profile
  const clashes = contradictions(profile)
  if (clashes.length > 0) fail(clashes)
  return profile
}

const folder = new URL('./profiles/', import.meta.url)
const loaded = new Map<string, Profile>()

/** The names of the profiles that are shipped. */
export const profileNames = (): string[] =>
  readdirSync(folder)
    .filter((f) => f.endsWith('.yaml'))
    .map((f) => f.slice(0, -'.yaml'.length))
    .sort()

/** Reads a shipped profile by its name; a name holds no path characters (contracts `Name`). */
export function loadAnyProfile(name: string): Profile {
  const known = loaded.get(name)
  if (known) return known
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) throw new ProfileError(`no profile name: ${name}`)
  let text: string
  try {
    text = readFileSync(new URL(`${name}.yaml`, folder), 'utf8')
  } catch (cause) {
    throw new ProfileError(`there is no profile ${name}`, { cause })
  }
  const profile = parseProfile(text, name)
  if (profile.id !== name) throw new ProfileError(`profile ${name} calls itself ${profile.id}`)
  loaded.set(name, profile)
  return profile
}

export function loadProfile<S extends Serves>(name: string, serves: S): ProfileOf<S> {
  const profile = loadAnyProfile(name)
  if (profile.serves !== serves)
    throw new ProfileError(`profile ${name} is for ${profile.serves}, not for ${serves}`)
  return profile as ProfileOf<S>
}

/** One that cannot be read is offered everywhere: whoever names it is told what is wrong with it. */
function mayServe(name: string, serves: Serves): boolean {
  try {
    return loadAnyProfile(name).serves === serves
  } catch (error) {
    if (error instanceof ProfileError) return true
    throw error
  }
}

/** Field of a device entry that names a profile: the form offers those that lie in the folder. */
export const profileField = (serves: Serves) =>
  OneOf(
    profileNames().filter((name) => mayServe(name, serves)),
    words('型号', 'Profile'),
  )

/** What is wrong with a device entry that names this profile, for the check of its driver. */
export function profileWrong(name: string, serves: Serves, line: LineConfig): string[] {
  try {
    const profile = loadProfile(name, serves)
    if (profile[line.transport]) return []
    return [`profile ${name} says nothing about ${line.transport}`]
  } catch (error) {
    if (error instanceof ProfileError) return [error.message]
    throw error
  }
}

/** The profile's waits for this kind of line. */
export function timingOf(
  profile: Profile,
  line: LineConfig,
): { replyMs: number; settleMs: number } {
  const timing = profile[line.transport]
  if (!timing) throw new ProfileError(`profile ${profile.id} says nothing about ${line.transport}`)
  return timing
}
