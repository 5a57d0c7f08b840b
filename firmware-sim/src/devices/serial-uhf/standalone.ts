import type { Standalone } from '../standalone.ts'
import { speeches } from './families.ts'
import { type FamilyName, familyNames } from './speech.ts'

/** Three test tags that belong to no store, at half a metre and less. */
const tags = Array.from({ length: 3 }, (_, i) => ({
  epc: `3500000000000000000000${(i + 1).toString(16).padStart(2, '0').toUpperCase()}`,
  tid: null,
  distanceMm: { 1: 300 + 100 * i },
}))
const about: Readonly<Record<FamilyName, string>> = {
  m100: 'UHF module of the M100 kind (YRM100), 115200 baud, BB … 7E',
  chafon: 'Chafon reader of the Reader18 kind, 57600 baud, length first',
  cf600: 'Chafon CF600, 115200 baud, CF …',
  thingmagic: 'ThingMagic M6e, 115200 baud, FF …',
  invelion: 'Invelion R2000, 115200 baud, A0 …',
}

export const standalone: readonly Standalone[] = familyNames.map((family) => ({
  name: `uhf-${family}`,
  about: about[family],
  wire: 'pty',
  spec: ({ port, path, seed }) => ({
    kind: 'serial-uhf',
    family,
    path,
    seed,
    ...(port === 0 ? {} : { port }),
  }),
  entry: ({ path }) => ({
    id: `uhf-${family}`,
    label: '超高频模块',
    driver: 'serial-uhf',
    simulated: true,
    family,
    path,
    baud: speeches[family].baud,
    role: 'desk',
    ...(family === 'cf600' ? {} : { region: 'cn' }),
    powerDbm: 20,
    gainDbi: 6,
  }),
  first: [{ type: 'field', tags }],
}))
