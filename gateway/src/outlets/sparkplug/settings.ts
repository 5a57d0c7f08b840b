import { readFileSync } from 'node:fs'
import { Closed } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import { Errors } from 'typebox/value'
import { parse } from 'yaml'

/** Parts of a topic: no separators, no wildcards. */
const TopicPart = Type.String({ pattern: '^[^/+#\\u0000]{1,100}$' })
const Path = Type.String({ minLength: 1, maxLength: 1000 })

/** The file behind `SPARKPLUG_FILE`. Secrets stand in files of their own, never here. */
export const SparkplugSettings = Closed({
  /** TLS; without it only to a broker on this machine. */
  url: Type.String({
    pattern: '^(mqtts://.+|mqtt://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:\\d+)?/?)$',
  }),
  group: TopicPart,
  edgeNode: TopicPart,
  /** Publish only while this host application says that it is there. */
  primaryHost: Type.Optional(TopicPart),
  ca: Type.Optional(Path),
  cert: Type.Optional(Path),
  key: Type.Optional(Path),
  username: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  passwordFile: Type.Optional(Path),
})
export type SparkplugSettings = Static<typeof SparkplugSettings>

/** Everything that is wrong with the settings at once, or the settings. The files that it names are opened too. */
export function loadSparkplug(file: string): { settings: SparkplugSettings } | { wrong: string[] } {
  const raw: unknown = parse(readFileSync(file, 'utf8'))
  const wrong = [...Errors(SparkplugSettings, raw)].map((e) => `${e.instancePath} ${e.message}`)
  if (wrong.length > 0) return { wrong }
  const settings = raw as SparkplugSettings
  const { url, ca, cert, key, passwordFile, username } = settings
  if (url.startsWith('mqtts:') && !ca) wrong.push('ca is missing: nothing else is trusted')
  if (Boolean(cert) !== Boolean(key)) wrong.push('cert and key belong together')
  if (passwordFile && !username) wrong.push('username is missing')
  for (const path of [ca, cert, key, passwordFile]) {
    if (!path) continue
    try {
      readFileSync(path)
    } catch (error) {
      wrong.push(error instanceof Error ? error.message : String(error))
    }
  }
  return wrong.length > 0 ? { wrong } : { settings }
}
