import { Closed, OneOf } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { common, lineClaims, lineName, ModbusLine, UnitId, words } from '../schema.ts'

/** Two registers; the order of their bytes as in the profiles. */
const register = {
  address: Type.Integer({ minimum: 0, maximum: 65_534, ...words('寄存器地址', 'Register') }),
  order: OneOf(['ABCD', 'CDAB'], words('字序', 'Word order')),
}

/**
 * A wheel encoder of a cart on a counter module: pulses in a 32-bit register, and the module's own clock in another
 * where it has one. Another maker's module is other numbers here.
 */
export const ModbusOdometer = Closed({
  ...common('modbus-odometer'),
  line: ModbusLine,
  unit: UnitId,
  everyMs: Type.Integer({ minimum: 10, maximum: 1000, ...words('周期 ms', 'Every ms') }),
  registers: OneOf(['input', 'holding'], words('寄存器类型', 'Registers')),
  counter: Closed(register),
  clock: Type.Optional(
    Closed({
      ...register,
      ticksPerSecond: Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        ...words('每秒计数', 'Ticks a second'),
      }),
    }),
  ),
  pulsesPerMetre: Type.Number({
    exclusiveMinimum: 0,
    maximum: 1_000_000,
    ...words('每米脉冲数', 'Pulses a metre'),
  }),
  /** Counts down when the cart goes to the right. */
  reversed: Type.Optional(Type.Boolean(words('反向计数', 'Counts backwards'))),
})
export type ModbusOdometer = Static<typeof ModbusOdometer>

/** As many registers as one request may read. */
const mostRegisters = 125

function check({ counter, clock }: ModbusOdometer): string[] {
  if (!clock) return []
  const apart = Math.abs(clock.address - counter.address)
  if (apart < 2) return ['clock: its registers are those of the counter']
  return apart + 2 > mostRegisters
    ? ['clock: too far from the counter to be read with it, so that both are of one moment']
    : []
}

export const kind: DriverKind<typeof ModbusOdometer> = {
  driver: 'modbus-odometer',
  family: 'modbus',
  words: { zh: 'Modbus 里程计', en: 'Odometer of a cart (Modbus)' },
  schema: ModbusOdometer,
  facets: ({ everyMs }) => ({ odometer: { everyMs } }),
  claims: ({ line, unit }) => [
    ...lineClaims(line),
    { key: `${lineName(line)} unit ${unit}`, at: 'unit' },
  ],
  check,
  load: async () => (await import('./driver.ts')).createOdometerDriver,
}
