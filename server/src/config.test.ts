import { expect, test } from 'vitest'
import { contradictions, readConfig, ServerConfig } from './config.ts'

const good = {
  LANTAI_SITE: 'demo',
  DATABASE_URL: 'postgres://lantai_app:a@127.0.0.1/lantai',
  OWNER_DATABASE_URL: 'postgres://lantai_owner:b@127.0.0.1/lantai',
  MQTT_URL: 'mqtts://127.0.0.1:8883',
  MQTT_CA: 'ca.crt',
  MQTT_CERT: 'server.crt',
  MQTT_KEY: 'server.key',
  SERVER_SECRETS_DIR: '/tmp/secrets',
  PUBLIC_ORIGIN: 'http://localhost:8080',
}

test('defaults and coercion', () => {
  const read = readConfig(ServerConfig, { ...good, SERVER_PORT: '8081' })
  expect(read).toMatchObject({ ok: true, config: { SERVER_PORT: 8081, LOG_LEVEL: 'info' } })
  expect(read.ok && contradictions(read.config)).toEqual([])
})

test('everything that is wrong is said at once, and no value is repeated', () => {
  const read = readConfig(ServerConfig, {
    ...good,
    MQTT_CA: undefined,
    LANTAI_SITE: 'Not A Site',
    DATABASE_URL: 'mysql://user:hunter2@host',
    SERVER_PORT: '99999',
  })
  if (read.ok) throw new Error('accepted')
  for (const name of ['MQTT_CA', 'LANTAI_SITE', 'DATABASE_URL', 'SERVER_PORT'])
    expect(read.wrong.join('\n')).toContain(name)
  expect(read.wrong.join('\n')).not.toContain('hunter2')
})

test('plain http beyond this machine, one role for everything, and MQTT without TLS are refused', () => {
  const insecure = {
    ...good,
    OWNER_DATABASE_URL: good.DATABASE_URL,
    PUBLIC_ORIGIN: 'http://archive.example',
  }
  const read = readConfig(ServerConfig, insecure)
  expect(read.ok && contradictions(read.config)).toHaveLength(2)
  expect(readConfig(ServerConfig, { ...good, MQTT_URL: 'mqtt://127.0.0.1' }).ok).toBe(false)
})
