/** The people and units that the files are about, and the households that borrow together. */
import type { CatalogueLine } from '@lantai/contracts'
import type { Rng } from '../rng.ts'
import { personName, unitName } from './names.ts'
import { personNumber, unitNumber } from './numbers.ts'

export type Subject = CatalogueLine<'subject'>
/** One or two people who sign together. */
export type Household = readonly [Subject, Subject?]

export const personCount = 30_000
const unitTarget = 420

export interface Subjects {
  readonly households: readonly Household[]
  readonly units: readonly Subject[]
}

export function buildSubjects(rng: Rng): Subjects {
  const serials = new Map<string, number>()
  let made = 0
  const person = (female: boolean, year: number): Subject => {
    made++
    return {
      kind: 'subject',
      key: `p${made}`,
      type: 'person',
      name: personName(rng, female),
      number: personNumber(...birthAndSerial(rng, serials, female, year)),
    }
  }
  const households: Household[] = []
  while (made < personCount) {
    const female = rng.chance(0.38)
    const year = rng.int(1955, 1994)
    const first = person(female, year)
    const couple = made < personCount && rng.chance(0.46)
    households.push(couple ? [first, person(!female, year + rng.int(-3, 3))] : [first])
  }
  return { households, units: buildUnits(rng.fork('units')) }
}

/** Serials count up within one day of birth, so that every number is unique; odd is male (GB 11643). */
function birthAndSerial(
  rng: Rng,
  serials: Map<string, number>,
  female: boolean,
  year: number,
): [string, number] {
  const birth = `${year}${two(rng.int(1, 12))}${two(rng.int(1, 28))}`
  const key = `${birth}${female ? 'f' : 'm'}`
  const nth = serials.get(key) ?? rng.int(0, 180)
  serials.set(key, nth + 1)
  return [birth, nth * 2 + (female ? 0 : 1)]
}

function buildUnits(rng: Rng): Subject[] {
  const names = new Map<string, Subject>()
  while (names.size < unitTarget) {
    const { name, kind } = unitName(rng)
    if (names.has(name)) continue
    const serial = 100_000 + names.size * 37
    const key = `u${names.size + 1}`
    names.set(name, {
      kind: 'subject',
      key,
      type: 'unit',
      name,
      number: unitNumber(kind, serial),
    })
  }
  return [...names.values()]
}

export const two = (n: number) => String(n).padStart(2, '0')
