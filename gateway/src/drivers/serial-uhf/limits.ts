/** What may be written to a module: light data, since the form of the device list is drawn from it. */

export const families = ['m100', 'chafon', 'cf600', 'thingmagic', 'invelion'] as const
export type FamilyName = (typeof families)[number]

export const regions = ['cn', 'us', 'eu', 'kr'] as const
export type Region = (typeof regions)[number]

/**
 * Radiated power that the law of a region allows, dBm EIRP: China 920–925 MHz and the EU 865–868 MHz 2 W ERP,
 * the US 902–928 MHz and Korea 917–921 MHz 4 W EIRP [known; the site's own licence counts].
 */
export const legalEirpDbm: Readonly<Record<Region, number>> = {
  cn: 35.1,
  us: 36,
  eu: 35.1,
  kr: 36,
}

export interface Limits {
  readonly minDbm: number
  readonly maxDbm: number
  readonly antennas: number
  /** Bytes that select a region; a region that is not here is never written. */
  readonly regions: Readonly<Partial<Record<Region, readonly number[]>>>
}

export const limits: Readonly<Record<FamilyName, Limits>> = {
  m100: {
    minDbm: 10,
    maxDbm: 26,
    antennas: 1,
    regions: { cn: [0x01], us: [0x02], eu: [0x03], kr: [0x06] },
  },
  // Highest and lowest channel; the two upper bits of each name the band.
  chafon: {
    minDbm: 0,
    maxDbm: 30,
    antennas: 1,
    regions: { cn: [0x13, 0x40], us: [0x31, 0x80], eu: [0x4e, 0x00], kr: [0x1f, 0xc0] },
  },
  // No text of its region command was at hand: the module keeps the region it was delivered with.
  cf600: { minDbm: 1, maxDbm: 33, antennas: 1, regions: {} },
  thingmagic: {
    minDbm: 5,
    maxDbm: 31,
    antennas: 4,
    regions: { us: [0x01], cn: [0x06], eu: [0x08], kr: [0x09] },
  },
  // Region, first and last channel.
  invelion: {
    minDbm: 20,
    maxDbm: 33,
    antennas: 4,
    regions: { us: [0x01, 0x07, 0x3b], eu: [0x02, 0x00, 0x06], cn: [0x03, 0x2b, 0x35] },
  },
}

export interface RadioSettings {
  readonly family: FamilyName
  readonly region?: Region
  readonly powerDbm: number
  readonly gainDbi: number
  readonly antennas?: readonly number[]
}

/** Everything in these settings that the table does not allow. */
export function illegal(s: RadioSettings): string[] {
  const l = limits[s.family]
  const wrong: string[] = []
  const known = Object.keys(l.regions)
  if (known.length === 0 && s.region !== undefined)
    wrong.push(`region: ${s.family} keeps the region it was delivered with; leave it out`)
  if (known.length > 0 && (s.region === undefined || !known.includes(s.region)))
    wrong.push(`region: ${s.family} needs one of ${known.join(', ')}`)
  // A module whose region we cannot set is held to the strictest of all.
  const eirp = s.region ? legalEirpDbm[s.region] : Math.min(...Object.values(legalEirpDbm))
  const most = Math.min(l.maxDbm, Math.floor(eirp - s.gainDbi))
  if (s.powerDbm < l.minDbm || s.powerDbm > most)
    wrong.push(`powerDbm: ${l.minDbm} to ${most} dBm with an antenna of ${s.gainDbi} dBi`)
  for (const a of s.antennas ?? [])
    if (a > l.antennas) wrong.push(`antennas: ${s.family} has ${l.antennas}, there is no ${a}`)
  return wrong
}
