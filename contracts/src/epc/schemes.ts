/** The 96-bit schemes of GS1's Tag Data Standard that we read and write. Source: devices 4, domain 3.11. */

export const schemeNames = [
  'sgtin-96',
  'sgln-96',
  'grai-96',
  'giai-96',
  'gdti-96',
  'gid-96',
] as const
export type Scheme = (typeof schemeNames)[number]

export interface Part {
  /** As it is called where it is wrong. */
  readonly name: string
  readonly bits: number
  /** Padded with zeros to this many decimal digits; null: no leading zero. */
  readonly digits: number | null
}

export const filterBits = 3
export const partitionBits = 3
/** By partition 0…6; 7 is invalid. */
export const prefixBits = [40, 37, 34, 30, 27, 24, 20] as const
export const longestPrefix = 12

/** What follows the company prefix: bits together with the prefix, digits less than the longest prefix has. */
interface Middle {
  readonly name: string
  readonly withPrefix: number
  readonly extraDigits: number | null
  readonly serial: { readonly name: string; readonly bits: number } | null
}
const middles: Readonly<Record<Exclude<Scheme, 'gid-96'>, Middle>> = {
  'sgtin-96': {
    name: 'item reference',
    withPrefix: 44,
    extraDigits: 1,
    serial: { name: 'serial', bits: 38 },
  },
  'sgln-96': {
    name: 'location reference',
    withPrefix: 41,
    extraDigits: 0,
    serial: { name: 'extension', bits: 41 },
  },
  'grai-96': {
    name: 'asset type',
    withPrefix: 44,
    extraDigits: 0,
    serial: { name: 'serial', bits: 38 },
  },
  'giai-96': { name: 'asset reference', withPrefix: 82, extraDigits: null, serial: null },
  'gdti-96': {
    name: 'document type',
    withPrefix: 41,
    extraDigits: 0,
    serial: { name: 'serial', bits: 41 },
  },
}

export const headers: Readonly<Record<Scheme, number>> = {
  'sgtin-96': 0x30,
  'sgln-96': 0x32,
  'grai-96': 0x33,
  'giai-96': 0x34,
  'gdti-96': 0x2c,
  'gid-96': 0x35,
}

/** Parts behind header, filter and partition; undefined for partition 7. */
export function partsOf(
  scheme: Exclude<Scheme, 'gid-96'>,
  partition: number,
): readonly Part[] | undefined {
  const bits = prefixBits[partition]
  if (bits === undefined) return undefined
  const { name, withPrefix, extraDigits, serial } = middles[scheme]
  return [
    { name: 'company prefix', bits, digits: longestPrefix - partition },
    {
      name,
      bits: withPrefix - bits,
      digits: extraDigits === null ? null : partition + extraDigits,
    },
    ...(serial ? [{ ...serial, digits: null }] : []),
  ]
}

export const gidParts: readonly Part[] = [
  { name: 'manager', bits: 28, digits: null },
  { name: 'class', bits: 24, digits: null },
  { name: 'serial', bits: 36, digits: null },
]

/** Headers that the standard assigns and we leave raw: their names, to be shown. */
export const leftRaw: ReadonlyMap<number, string> = new Map([
  [0x2d, 'gsrn-96'],
  [0x31, 'sscc-96'],
  [0x36, 'sgtin-198'],
  [0x37, 'grai-170'],
  [0x38, 'giai-202'],
  // TDS 2 [known: general knowledge; F1, F7, FA and FB as in devices 4].
  [0xf0, 'cpi+'],
  [0xf1, 'grai+'],
  [0xf2, 'sgln+'],
  [0xf3, 'itip+'],
  [0xf4, 'gsrn+'],
  [0xf5, 'gsrnp+'],
  [0xf6, 'gdti+'],
  [0xf7, 'sgtin+'],
  [0xf8, 'sgcn+'],
  [0xf9, 'sscc+'],
  [0xfa, 'giai+'],
  [0xfb, 'dsgtin+'],
])
export const schemeOf: ReadonlyMap<number, Scheme> = new Map(
  schemeNames.map((name) => [headers[name], name]),
)
/** The first byte says something of GS1's, so that no other numbering may begin with it. */
export const isGs1Header = (byte: number): boolean => leftRaw.has(byte) || schemeOf.has(byte)
