import { describe, expect, it } from 'vitest'
import { daysBetween, siteDay, startOfSiteDay } from './site-settings.ts'

describe('days of the site', () => {
  it('begin at midnight of the site, not of the machine', () => {
    expect(startOfSiteDay('2026-11-22').toISOString()).toBe('2026-11-21T16:00:00.000Z')
    expect(siteDay(new Date('2026-11-21T15:59:59.999Z'))).toBe('2026-11-21')
    expect(siteDay(new Date('2026-11-21T16:00:00.000Z'))).toBe('2026-11-22')
  })
  it('are counted over months and years', () => {
    expect(daysBetween('2026-12-30', '2027-01-02')).toBe(3)
    expect(daysBetween('2026-11-22', '2026-11-21')).toBe(-1)
  })
})
