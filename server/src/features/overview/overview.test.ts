import type { SensorView } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { bandOf } from './overview.ts'

const sensor = (value: number | null, stale = false, room = 'R1'): SensorView => ({
  sensor: 'th-1',
  label: 'x',
  room,
  xMm: 0,
  yMm: 0,
  everyMs: 10_000,
  gauges: [
    {
      quantity: 'humidity',
      value,
      at: value === null ? null : '2026-11-22T06:00:00.000Z',
      stale,
      min24h: value === null ? null : value - 2,
      max24h: value === null ? null : value + 3,
      low: 45,
      high: 60,
    },
  ],
})

describe('climate of a room', () => {
  it('spans the sensors that still speak', () => {
    const band = bandOf(
      [sensor(50), sensor(58), sensor(90, true), sensor(10, false, 'R2')],
      'R1',
      'humidity',
    )
    expect(band).toEqual({
      min: 50,
      max: 58,
      low: 45,
      high: 60,
      min24h: 48,
      max24h: 61,
      stale: false,
    })
  })
  it('shows the last values as stale when all are silent', () => {
    expect(bandOf([sensor(50, true)], 'R1', 'humidity')).toMatchObject({ min: 50, stale: true })
  })
  it('is unknown where nothing was measured', () => {
    expect(bandOf([sensor(null)], 'R1', 'humidity')).toBeNull()
    expect(bandOf([], 'R1', 'temperature')).toBeNull()
  })
})
