import { createHash } from 'node:crypto'
import {
  type CatalogueKind,
  type CatalogueLine,
  catalogueKinds,
  clears,
  hasValidCheck,
  parseAddress,
  shapeChecker,
} from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { shelfTotal } from './boxes.ts'
import { shelfWidthMm } from './layout.ts'
import { organisationCheck, personCheck, unitCheck } from './numbers.ts'
import { catalogueLines } from './store.ts'

const today = '2026-11-22'
const lines = [...catalogueLines('lantai', today)]
const of = <K extends CatalogueKind>(kind: K) =>
  lines.filter((l): l is Extract<CatalogueLine, { kind: K }> => l.kind === kind)
const boxes = of('box')
const files = of('file')
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0)
const distinct = (values: string[]) => new Set(values).size

describe('the demo store', () => {
  it('has the holdings of the issue', () => {
    expect(boxes).toHaveLength(9_231)
    expect(files).toHaveLength(65_772)
    expect(sum(files.map((f) => f.pages))).toBe(4_059_600)
    expect(shelfTotal).toBe(2_700)
    const [layout] = of('layout')
    const [room] = layout?.layout.rooms ?? []
    expect((room?.widthMm ?? 0) * (room?.heightMm ?? 0)).toBe(981_000_000)
    const banks = layout?.layout.banks ?? []
    expect(banks.map((b) => b.columns.length)).toEqual([12, 11, 11, 11])
    expect(banks.every((b) => b.columns.findIndex((c) => c.fixed) === 0)).toBe(true)
    expect(banks.flatMap((b) => b.columns.map((c) => c.column))).toEqual(
      Array.from({ length: 45 }, (_, i) => i + 1),
    )
  })

  it('is made of lines that the import accepts, in the order of their kinds', () => {
    const order = Object.keys(catalogueKinds)
    const kinds = lines.map((l) => order.indexOf(l.kind))
    expect(kinds).toEqual(kinds.toSorted((a, b) => a - b))
    const check = Object.fromEntries(
      Object.entries(catalogueKinds).map(([k, schema]) => [k, shapeChecker(schema)]),
    )
    expect(lines.flatMap((l) => check[l.kind]?.(l) ?? ['no schema']).slice(0, 5)).toEqual([])
  })

  it('stands 10 to 15 boxes on a filled shelf, and they fit', () => {
    const shelves = Map.groupBy(boxes, (b) => b.home?.replace(/-\d+$/, '') ?? '')
    expect(shelves.size).toBe(740)
    for (const [, on] of shelves) {
      expect(on.length).toBeGreaterThanOrEqual(10)
      expect(on.length).toBeLessThanOrEqual(15)
      expect(sum(on.map((b) => b.spineMm))).toBeLessThanOrEqual(shelfWidthMm)
      expect(on.map((b) => parseAddress(b.home ?? '')?.slot)).toEqual(on.map((_, i) => i + 1))
    }
    expect(boxes.every((b) => [20, 30, 40, 50].includes(b.spineMm))).toBe(true)
  })

  it('is denser in the old banks and leaves the last one nearly empty', () => {
    const per = [12, 23, 34, 45].map(
      (last) => boxes.filter((b) => (parseAddress(b.home ?? '')?.column ?? 99) <= last).length,
    )
    expect(per[0]).toBeGreaterThan(boxes.length * 0.55)
    expect(boxes.length - (per[2] ?? 0)).toBeLessThan(boxes.length * 0.03)
  })

  it('names nothing twice', () => {
    expect(distinct(files.map((f) => f.refCode))).toBe(files.length)
    for (const key of ['code', 'epc', 'tid', 'home'] as const)
      expect(distinct(boxes.map((b) => b[key] ?? ''))).toBe(boxes.length)
    const subjects = of('subject')
    expect(distinct(subjects.map((s) => s.number))).toBe(subjects.length)
    expect(distinct(of('borrower').map((b) => b.card))).toBe(40)
    expect(distinct(of('loan').map((l) => l.box))).toBe(25)
  })

  it('keeps every check digit, and every number is visibly test data', () => {
    expect(boxes.every((b) => hasValidCheck(b.code))).toBe(true)
    expect(of('borrower').every((b) => hasValidCheck(b.card))).toBe(true)
    for (const s of of('subject')) {
      if (s.type === 'person') {
        expect(s.number).toMatch(/^999999(19|20)\d{9}[\dX]$/)
        expect(personCheck(s.number.slice(0, 17))).toBe(s.number[17])
      } else {
        expect(s.number.slice(2, 8)).toBe('999999')
        expect(organisationCheck(s.number.slice(8, 16))).toBe(s.number[16])
        expect(unitCheck(s.number.slice(0, 17))).toBe(s.number[17])
      }
    }
  })

  it('agrees with check digits published elsewhere', () => {
    // The example number in GB 11643's annex, and a credit code printed on many public pages.
    expect(personCheck('11010519491231002')).toBe('X')
    expect(unitCheck('91350100M000100Y4')).toBe('3')
  })

  it('gives one household several files in several categories', () => {
    const perPerson = new Map<string, Set<string>>()
    for (const f of files)
      for (const s of f.subjects) {
        if (!s.startsWith('p')) continue
        perPerson.set(s, (perPerson.get(s) ?? new Set()).add(f.category.slice(0, 5)))
      }
    expect(perPerson.size).toBeGreaterThan(29_000)
    expect([...perPerson.values()].filter((c) => c.size > 1).length).toBeGreaterThan(15_000)
    const keys = new Set(of('subject').map((s) => s.key))
    expect(files.every((f) => f.subjects.every((s) => keys.has(s)))).toBe(true)
  })

  it('keeps one level of secrecy to a box, about 1.5 % above internal', () => {
    const levels = new Map<string, Set<string>>()
    for (const f of files) levels.set(f.box, (levels.get(f.box) ?? new Set()).add(f.secrecy))
    expect([...levels.values()].every((l) => l.size === 1)).toBe(true)
    const high = files.filter((f) => f.secrecy === 'secret' || f.secrecy === 'confidential')
    expect(high.length / files.length).toBeGreaterThan(0.01)
    expect(high.length / files.length).toBeLessThan(0.02)
    expect(new Set(high.map((f) => f.secrecy)).size).toBe(2)
  })

  it('lends only what the card may see, to cards that run, some of it overdue', () => {
    const borrowers = new Map(of('borrower').map((b) => [b.card, b]))
    const secrecy = new Map(files.map((f) => [f.box, f.secrecy]))
    const loans = of('loan')
    for (const l of loans) {
      const who = borrowers.get(l.card)
      expect(clears(who?.clearance ?? 'open', secrecy.get(l.box) ?? 'topSecret')).toBe(true)
      expect((who?.validUntil ?? '') >= today).toBe(true)
    }
    const overdue = loans.filter((l) => l.due < today).length
    expect(overdue).toBeGreaterThan(3)
    expect(overdue).toBeLessThan(20)
    expect(of('borrower').some((b) => b.validUntil < today)).toBe(true)
  })

  it('gives the same bytes for the same seed and day, others for another seed', () => {
    const hash = (seed: string) => {
      const h = createHash('sha256')
      for (const l of catalogueLines(seed, today)) h.update(JSON.stringify(l))
      return h.digest('hex')
    }
    expect(hash('lantai')).toBe(hash('lantai'))
    expect(hash('lantai')).not.toBe(hash('other'))
  })
})
