/** docs/rules.md says nothing that the repository does not bear out. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { workspaces } from './groups.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

const states = ['held', 'partly', 'not yet', 'does not apply'] as const
interface Rule {
  id: string
  rule: string
  state: string
  files: string[]
  /** Each has the rule's id in its name. */
  tests: string[]
  remarks: string
}

/** The quoted parts of a cell. */
const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1] ?? '')

const cellsOf = (row: string): string[] =>
  row
    .slice(1, -1)
    .split('|')
    .map((c) => c.trim())

function rulesOf(page: string): Rule[] {
  const rows = page.split('\n').filter((line) => /^\| [DSLG]\d+ \|/.test(line))
  return rows.map((row) => {
    const cells = cellsOf(row)
    const [id = '', rule = '', state = '', files = '', name = '', remarks = ''] = cells
    expect(cells, row).toHaveLength(6)
    return { id, rule, state, files: quoted(files), tests: quoted(name), remarks }
  })
}

/** What stands at the doors: no rules with an id, the same claims. */
function doorsOf(page: string): Omit<Rule, 'id'>[] {
  const [, part = ''] = page.split('## At the doors')
  const rows = part.split('\n').filter((line) => line.startsWith('| '))
  return rows.slice(1).map((row) => {
    const cells = cellsOf(row)
    const [rule = '', state = '', files = '', name = '', remarks = ''] = cells
    expect(cells, row).toHaveLength(5)
    return { rule, state, files: quoted(files), tests: quoted(name), remarks }
  })
}

/** Every name of a test, suite or journey, the titles of parametrised ones included. */
function testNames(): string[] {
  const places = workspaces.map(
    (w) => `${w}/{src,peers,journeys}/**/*.{test.ts,test.tsx,journey.ts}`,
  )
  const files = globSync(places, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] })
  return files.flatMap((file) => namesIn(readFileSync(join(root, file), 'utf8')))
}

const opening =
  /^\s*(?:(?:test|it|describe|journey)(?:\.\w+)*\((?:.*\)\()?|\][^'"`]*\)\()\s*(['"`])(.*?)\1,/gm
const namesIn = (text: string): string[] => [...text.matchAll(opening)].map((m) => m[2] ?? '')

const isNamed = (name: string, id: string) => new RegExp(`\\b${id}\\b`).test(name)
const page = readFileSync(join(root, 'docs/rules.md'), 'utf8')
const rules = rulesOf(page)
const doors = doorsOf(page)
const names = testNames()

test('every rule is on the page once, in about ten words, with a state', () => {
  const expected = [
    ...Array.from({ length: 19 }, (_, i) => `D${i + 1}`),
    ...Array.from({ length: 12 }, (_, i) => `S${i + 1}`),
    ...Array.from({ length: 8 }, (_, i) => `L${i + 1}`),
    ...Array.from({ length: 9 }, (_, i) => `G${i + 1}`),
  ]
  expect(rules.map((r) => r.id)).toEqual(expected)
  for (const r of rules) {
    expect(states, r.id).toContain(r.state)
    expect(r.rule.split(' ').length, r.id).toBeLessThanOrEqual(12)
    if (r.state !== 'held') expect(r.remarks, r.id).not.toBe('')
  }
})

const kept = rules.filter((r) => r.state === 'held' || r.state === 'partly')

test.each(kept)('$id is kept by files that are there', ({ files }) => {
  expect(files.length).toBeGreaterThan(0)
  expect(files.filter((f) => !existsSync(join(root, f)))).toEqual([])
})

test.each(kept)('$id is held by tests of its name', ({ id, tests }) => {
  expect(tests.length).toBeGreaterThan(0)
  expect(tests.filter((t) => !names.includes(t))).toEqual([])
  expect(tests.filter((t) => !isNamed(t, id))).toEqual([])
})

test.each(doors)('what stands at the door "$rule" is kept and tried', ({ state, files, tests }) => {
  expect(states).toContain(state)
  expect(files.length).toBeGreaterThan(0)
  expect(files.filter((f) => !existsSync(join(root, f)))).toEqual([])
  expect(tests.length).toBeGreaterThan(0)
  expect(tests.filter((t) => !names.includes(t))).toEqual([])
})

test('there are doors, and a file that a remark names is there', () => {
  expect(doors.length).toBeGreaterThan(4)
  const named = [...rules, ...doors].flatMap((r) => quoted(r.remarks))
  const files = named.filter((q) => /^[\w./-]+\/[\w.-]+\.\w+$/.test(q))
  expect(files.length).toBeGreaterThan(0)
  expect(files.filter((f) => !existsSync(join(root, f)))).toEqual([])
})

test('a name that no test has is not found, and D1 is not D19', () => {
  expect(names.length).toBeGreaterThan(500)
  expect(names).not.toContain('D1: a test that nobody wrote')
  expect(isNamed('D19 the canary', 'D1')).toBe(false)
  expect(namesIn(`test('D1: x', () => {\n  test.each([\n  ] as const)('S1 y %s', (z) =>`)).toEqual([
    'D1: x',
    'S1 y %s',
  ])
  expect(namesIn(`  test.each(['a', 'b'])(\n    'S2 z "%s"',\n`)).toEqual(['S2 z "%s"'])
})
