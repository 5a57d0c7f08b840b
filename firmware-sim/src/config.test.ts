import { describe, expect, it } from 'vitest'
import { readCatalogueConfig, readSimConfig } from './config.ts'

describe('configuration', () => {
  it('has a default for all but the directory', () => {
    expect(readSimConfig({ SIM_DIR: '/var/sim', SIM_TODAY: '2026-11-22' })).toEqual({
      ok: true,
      value: {
        SIM_SEED: 'lantai',
        SIM_TODAY: '2026-11-22',
        SIM_DIR: '/var/sim',
        SIM_PORT_BASE: null,
        SIM_AMBIENT: '0',
        SIM_ALARM_DELAY_MS: 600_000,
        LOG_LEVEL: 'info',
      },
    })
  })

  it('lists everything that is wrong at once', () => {
    const wrong = readSimConfig({
      SIM_SEED: 'a b',
      SIM_TODAY: '22.11.2026',
      SIM_PORT_BASE: '80',
      SIM_AMBIENT: 'yes',
    })
    expect(wrong.ok ? [] : wrong.problems.map((p) => p.split(' ')[0])).toEqual([
      ...['SIM_SEED', 'SIM_TODAY', 'SIM_DIR', 'SIM_PORT_BASE', 'SIM_AMBIENT'],
    ])
    expect(readCatalogueConfig({ SIM_TODAY: '2026-13-40' }).ok).toBe(false)
  })
})
