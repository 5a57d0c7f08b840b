/**
 * Configuration of Mosquitto (2.0 or later) as the broker of a site, with the rules of our own: certificates on one
 * port, vendor devices by name and password on another, nobody else. Topics come from the contracts, so that a new
 * one cannot be forgotten here.
 */
import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { canaryTopic, serverTopics, topics } from '@lantai/contracts'
import { observed, reserved } from './acl.ts'
import { vendorPayloadLimit, vendorPrefix } from './vendor-acl.ts'

export interface MosquittoListener {
  readonly port: number
  /** Address to bind. */
  readonly host: string
}

export interface MosquittoSite {
  readonly site: string
  /** Names in the gateways' certificates. */
  readonly gateways: readonly string[]
  readonly own: MosquittoListener
  /** PEM files: authority, the broker's certificate and key. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string }
  /** Paths of the ACL and password files that the configuration names. */
  readonly paths: {
    readonly acl: string
    readonly vendorAcl: string
    readonly vendorPasswords: string
  }
  readonly vendor?: MosquittoListener & { readonly devices: readonly string[] }
  /** The system user that Mosquitto runs as when it is started as root. */
  readonly runAs?: string
}

/** `mosquitto.conf`. */
export function mosquittoConf(m: MosquittoSite): string {
  const lines = [
    '# Written by Lantai (site/src/broker/mosquitto.ts).',
    'per_listener_settings true',
    ...(m.runAs === undefined ? [] : [`user ${m.runAs}`]),
    '# Nothing of ours depends on what a broker keeps: facts wait at the gateway until the server has them.',
    'persistence false',
    'allow_zero_length_clientid false',
    'max_packet_size 2097152',
    'log_dest stderr',
    'log_type error',
    'log_type warning',
    'log_type notice',
    'log_type information',
    '# `log_type debug` would name refused publications, and every other one too.',
    'connection_messages true',
    '',
    '# Server, gateways and observer: the name in the certificate is the user, and the client id.',
    `listener ${m.own.port} ${m.own.host}`,
    ...tls(m.files, 'tlsv1.3'),
    'require_certificate true',
    'use_identity_as_username true',
    'use_username_as_clientid true',
    'allow_anonymous false',
    `acl_file ${m.paths.acl}`,
  ]
  if (m.vendor)
    lines.push(
      '',
      '# Devices of other makers and the drivers that listen to them.',
      `listener ${m.vendor.port} ${m.vendor.host}`,
      ...tls(m.files, 'tlsv1.2'),
      'require_certificate false',
      'use_username_as_clientid true',
      'allow_anonymous false',
      `password_file ${m.paths.vendorPasswords}`,
      `acl_file ${m.paths.vendorAcl}`,
      `# A device may send at most ${vendorPayloadLimit} bytes; the drivers take in no more.`,
    )
  return `${lines.join('\n')}\n`
}

const tls = (files: MosquittoSite['files'], version: string) => [
  `cafile ${files.ca}`,
  `certfile ${files.cert}`,
  `keyfile ${files.key}`,
  `tls_version ${version}`,
]

/** Who may say and hear what among server, gateways and observer; who is not named may nothing. */
export function mosquittoAcl({ site, gateways }: Pick<MosquittoSite, 'site' | 'gateways'>): string {
  const every = topics(site, '+')
  const users = [
    user(reserved.server, {
      read: serverTopics(site),
      write: [...every.maySubscribe, canaryTopic(site)],
    }),
    user(reserved.observer, { read: observed(site), write: [] }),
    ...gateways.map((g) => {
      const { maySubscribe, mayPublish } = topics(site, g)
      return user(g, { read: maySubscribe, write: mayPublish })
    }),
  ]
  return `# Written by Lantai from the topics of its contracts.\n${users.join('\n')}`
}

/** Devices speak below their prefix, drivers listen there. */
export function mosquittoVendorAcl(site: string, devices: readonly string[]): string {
  const users = devices.flatMap((device) => {
    const all = `${vendorPrefix(site, device)}#`
    return [
      user(`vendor.${device}`, { read: [all], write: [all] }),
      user(`driver.${device}`, { read: [all], write: [] }),
    ]
  })
  return `# Written by Lantai: vendor devices.\n${users.join('\n')}`
}

function user(name: string, may: { read: readonly string[]; write: readonly string[] }): string {
  return [
    `user ${name}`,
    ...may.read.map((t) => `topic read ${t}`),
    ...may.write.map((t) => `topic write ${t}`),
    '',
  ].join('\n')
}

const rounds = 20_000

/** A line of Mosquitto's password file: PBKDF2 with SHA-512, form 7 of `mosquitto_passwd`. */
export function mosquittoPassword(name: string, password: string): string {
  const salt = randomBytes(12)
  const hash = pbkdf2Sync(password, salt, rounds, 64, 'sha512')
  return `${name}:$7$${rounds}$${salt.toString('base64')}$${hash.toString('base64')}`
}
