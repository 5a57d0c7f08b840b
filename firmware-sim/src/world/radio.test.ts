import { describe, expect, it } from 'vitest'
import { channelsKHz, readShare, tryRead } from './radio.ts'
import { Rng } from './rng.ts'

const rng = () => new Rng('radio')
const rssi = (mm: number) => {
  const r = rng()
  const reads = Array.from({ length: 500 }, () => tryRead(mm, 922_125, 30, r)).filter((x) => x)
  return reads.reduce((s, x) => s + (x?.rssiDbm ?? 0), 0) / reads.length
}

describe('the radio channel', () => {
  it('reads near tags nearly always, far ones hardly', () => {
    expect(readShare(300, 30, rng())).toBeGreaterThan(0.8)
    expect(readShare(1500, 30, rng())).toBeGreaterThan(0.6)
    expect(readShare(6000, 30, rng())).toBeLessThan(0.15)
    expect(readShare(300, 30, rng())).toBeGreaterThan(readShare(3000, 30, rng()))
  })

  it('loses about 12 dB per doubling of the distance, and stays in the range of real readers', () => {
    expect(rssi(600) - rssi(1200)).toBeCloseTo(12, 0)
    expect(rssi(400)).toBeLessThan(-25)
    expect(rssi(2500)).toBeGreaterThan(-85)
  })

  it('turns the phase once per half wavelength', () => {
    const kHz = channelsKHz[6] as number
    const half = 299_792_458_000 / (kHz * 1000) / 2
    const mean = (mm: number) => {
      const r = rng()
      let [s, c] = [0, 0]
      for (let i = 0; i < 400; i++) {
        const read = tryRead(mm, kHz, 30, r)
        if (!read) continue
        s += Math.sin(read.phaseRad)
        c += Math.cos(read.phaseRad)
      }
      return Math.atan2(s, c)
    }
    expect(mean(500)).toBeCloseTo(mean(500 + half), 1)
    const quarter = mean(500 + half / 4) - mean(500)
    expect((quarter + 2 * Math.PI) % (2 * Math.PI)).toBeCloseTo(Math.PI / 2, 1)
  })
})
