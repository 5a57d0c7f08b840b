import { expect, test } from 'vitest'
import { kind as modbus } from '../modbus-shelving/kind.ts'
import { kind as opcUa } from '../opcua-shelving/kind.ts'

const bank = { bank: 'B1', room: 'R1', columns: [1, 2], everyMs: 250 }
const base = { id: 'shelf-1', label: 's', ...bank }
const line = { transport: 'tcp' as const, host: '127.0.0.1', port: 502 }
const banks = (notProvided: ('door' | 'occupied')[]) => [
  modbus.facets({
    ...{ ...base, driver: 'modbus-shelving', line, unit: 1, profile: 'bank-modbus' },
    notProvided,
  }).bank,
  opcUa.facets({
    ...{ ...base, driver: 'opcua-shelving', map: 'bank-opcua', at: 'Bank1' },
    server: { endpoint: 'opc.tcp://127.0.0.1:4840' },
    notProvided,
  }).bank,
]

test('S1 what a Modbus or OPC UA controller cannot give is for two persons to accept; one that gives all needs nobody', () => {
  for (const b of banks(['door'])) expect(b).toMatchObject({ leftIs: 'absolute' })
  for (const b of banks([])) expect(b).not.toHaveProperty('leftIs')
})
