/** Writes Mosquitto's configuration for a site; see `deploy/mosquitto/README.md`. */
import { join, resolve } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { Name } from '@lantai/contracts'
import { Check } from 'typebox/value'
import { readIfThere, writeWhole } from '../data/files.ts'
import { randomSecret } from '../data/passwords.ts'
import type { MosquittoListener } from './mosquitto.ts'
import { writeMosquitto } from './mosquitto-process.ts'

const text = { type: 'string' } as const
const { values: v, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    site: text,
    gateway: { type: 'string', multiple: true, default: [] },
    listen: { type: 'string', default: '0.0.0.0:8883' },
    ca: text,
    cert: text,
    key: text,
    'vendor-listen': { type: 'string', default: '0.0.0.0:8884' },
    device: { type: 'string', multiple: true, default: [] },
    'run-as': { type: 'string', default: 'mosquitto' },
  },
})

function refuse(why: string): never {
  process.stderr.write(`${why}\n`)
  return process.exit(64)
}
const needed = (value: string | undefined, name: string) => value ?? refuse(`${name} is missing`)
const named = (value: string, what: string) =>
  Check(Name, value) ? value : refuse(`${what} ${value}: lower-case letters, digits and hyphens`)

function listener(value: string): MosquittoListener {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(value) ?? []
  return host && port ? { host, port: Number(port) } : refuse(`${value} is not HOST:PORT`)
}

/** Kept where they exist, so that devices in the field go on. */
function passwordOf(dir: string, user: string): string {
  const file = join(dir, `${user}.password`)
  const known = readIfThere(file)?.trim()
  if (known) return known
  const made = randomSecret()
  writeWhole(file, `${made}\n`)
  return made
}

const out = resolve(needed(positionals[0], 'the directory to write to'))
const devices = v.device.map((d) => named(d, 'device'))
const site = {
  site: named(needed(v.site, '--site'), 'site'),
  gateways: v.gateway.map((g) => named(g, 'gateway')),
  own: listener(v.listen),
  files: {
    ca: needed(v.ca, '--ca'),
    cert: needed(v.cert, '--cert'),
    key: needed(v.key, '--key'),
  },
  runAs: v['run-as'],
  ...(devices.length > 0 ? { vendor: { ...listener(v['vendor-listen']), devices } } : {}),
}
writeMosquitto(out, site, (user) => passwordOf(out, user))
process.stdout.write(`${join(out, 'mosquitto.conf')}\n`)
