import { Errors } from 'typebox/value'
import { expect, test } from 'vitest'
import { driverKinds } from './registry.ts'
import { hostName } from './schema.ts'

test.each([
  ['127.0.0.1', '127.1', '0x7f.1', '2130706433', '::ffff:127.0.0.1', '::1', '0', 'LOCALHOST'],
  ['10.0.0.9', '10.9', '::ffff:10.0.0.9', '::ffff:a00:9', '10.0.0.9'],
  ['plc.lan', 'PLC.lan', 'plc.lan.'],
  ['[fe80::1]', 'fe80::1', 'FE80:0::1'],
])('S9 %s has one spelling', (name, ...spellings) => {
  expect(spellings.map(hostName)).toEqual(spellings.map(() => name))
})

test('S9 another spelling of a host is the same claim', () => {
  const shelf = driverKinds.get('modbus-shelving')
  const claims = (host: string) => {
    const line = { transport: 'tcp', host, port: 502 }
    return shelf?.claims({ id: 'b1', label: 'b1', driver: 'modbus-shelving', line, unit: 1 })
  }
  expect(claims('localhost')).toEqual(claims('127.0.0.1'))
})

test.each(['impinj-iot', 'zebra-iotc'])('%s: a topic of slashes is judged at once', (driver) => {
  const kind = driverKinds.get(driver)
  const broker = { url: 'mqtt://10.0.0.9' }
  const wrong = (topic: string) =>
    Errors(kind?.schema ?? {}, { id: 'r', label: 'r', driver, role: 'desk', broker, topic }).filter(
      (e) => e.instancePath === '/topic',
    ).length > 0
  // Two ways to read one slash would be 2^198 to read this one.
  expect(wrong(`${'/'.repeat(198)}#x`)).toBe(true)
  for (const topic of ['a', '/a', 'a//b', '+', '+/b/+', 'a/#', '#', '/#', 'a/'])
    expect(wrong(topic), topic).toBe(false)
  for (const topic of ['a#', 'a+/b', '#/a', 'a/#/b', 'a/b+', ''])
    expect(wrong(topic), topic).toBe(true)
})

test.each(['opcua-autoid', 'opcua-points', 'opcua-shelving'])(
  '%s: a password file is a name, so that a list cannot send any file to any server',
  (driver) => {
    const wrong = (passwordFile: string) => {
      const server = { endpoint: 'opc.tcp://10.0.0.9', user: { name: 'u', passwordFile } }
      const schema = driverKinds.get(driver)?.schema ?? {}
      return Errors(schema, { id: 'r', label: 'r', driver, server }).some(
        (e) => e.instancePath === '/server/user/passwordFile',
      )
    }
    expect(wrong('plc')).toBe(false)
    for (const path of ['/etc/shadow', '../x', 'a/b', '..', '.x'])
      expect(wrong(path), path).toBe(true)
  },
)
