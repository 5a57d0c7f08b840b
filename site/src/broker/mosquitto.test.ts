import { readFileSync } from 'node:fs'
import { serverTopics, topics } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../supervise/node-process.ts'
import { mosquittoAcl, mosquittoConf, mosquittoPassword, mosquittoVendorAcl } from './mosquitto.ts'

const example = (name: string) =>
  readFileSync(`${repositoryRoot}deploy/mosquitto/${name}.example`, 'utf8')
const certs = '/etc/mosquitto/certs'
const at = '/etc/mosquitto/lantai'

test('the examples of deploy/mosquitto are what is written today', () => {
  const conf = mosquittoConf({
    site: 'rizhao',
    gateways: ['gw-01'],
    own: { host: '0.0.0.0', port: 8883 },
    files: { ca: `${certs}/ca.crt`, cert: `${certs}/broker.crt`, key: `${certs}/broker.key` },
    paths: {
      acl: `${at}/acl`,
      vendorAcl: `${at}/vendor-acl`,
      vendorPasswords: `${at}/vendor-passwords`,
    },
    vendor: { host: '0.0.0.0', port: 8884, devices: ['reader-1'] },
    runAs: 'mosquitto',
  })
  expect(example('mosquitto.conf')).toBe(conf)
  expect(example('acl')).toBe(mosquittoAcl({ site: 'rizhao', gateways: ['gw-01'] }))
  expect(example('vendor-acl')).toBe(mosquittoVendorAcl('rizhao', ['reader-1']))
})

test('every topic of the contracts has its line, for the one who may', () => {
  const lines = mosquittoAcl({ site: 'demo', gateways: ['gw-01'] }).split('\n')
  const gateway = lines.slice(lines.indexOf('user gw-01'))
  const { mayPublish, maySubscribe } = topics('demo', 'gw-01')
  for (const t of mayPublish) expect(gateway).toContain(`topic write ${t}`)
  for (const t of maySubscribe) expect(gateway).toContain(`topic read ${t}`)
  expect(gateway.filter((l) => l.startsWith('topic'))).toHaveLength(
    mayPublish.length + maySubscribe.length,
  )
  for (const t of serverTopics('demo')) expect(lines).toContain(`topic read ${t}`)
})

test('a password is kept as a salted hash of form 7', () => {
  expect(mosquittoPassword('vendor.reader-1', 'secret')).toMatch(
    /^vendor\.reader-1:\$7\$20000\$[A-Za-z0-9+/]{16}\$[A-Za-z0-9+/]{86}==$/,
  )
  expect(mosquittoPassword('a', 'same')).not.toBe(mosquittoPassword('a', 'same'))
})
