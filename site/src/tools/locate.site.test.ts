import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CoverageMap,
  Located,
  shapeChecker,
  type WalkRead,
  type WalkScene,
} from '@lantai/contracts'
import { drawWalk, walkRanges } from '@lantai/firmware-sim'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../supervise/node-process.ts'
import { tempDir } from '../testing.ts'

const walk = drawWalk('tools/locate', walkRanges.development)
const text = (reads: readonly WalkRead[]) => reads.map((r) => `${JSON.stringify(r)}\n`).join('')

/** Runs the tool; `input` is its standard input. */
async function locate(args: readonly string[], input = '', flags: readonly string[] = []) {
  const tool = join(repositoryRoot, 'site/src/tools/locate.ts')
  const child = spawn(process.execPath, [...flags, '--conditions=source', tool, ...args])
  let [out, err] = ['', '']
  child.stdout.on('data', (piece) => {
    out += piece
  })
  child.stderr.on('data', (piece) => {
    err += piece
  })
  child.stdin.on('error', () => {}) // it may end before all was read
  child.stdin.end(input)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, err, lines: out.split('\n').flatMap((l): unknown[] => (l ? [JSON.parse(l)] : [])) }
}

const sceneIn = (dir: string, scene: unknown = walk.scene) => {
  const file = join(dir, 'scene.json')
  writeFileSync(file, JSON.stringify(scene))
  return file
}

test('locate: one line for every tag that was read or expected, by shelf and rank, and the coverage map', async () => {
  using dir = tempDir()
  const [reads, coverage] = [join(dir.path, 'reads.jsonl'), join(dir.path, 'coverage.json')]
  writeFileSync(reads, text(walk.reads))
  const files = ['--reads', reads, '--scene', sceneIn(dir.path), '--coverage', coverage]
  const { code, err, lines } = await locate(files)
  expect([code, err]).toEqual([0, ''])
  expect(lines.flatMap(shapeChecker(Located))).toEqual([])
  const located = lines as Located[]
  const glued = new Set(walk.scene.references.map((r) => r.epc))
  const asked = new Set([
    ...walk.reads.map((r) => r.epc).filter((epc) => !glued.has(epc)),
    ...(walk.scene.expected ?? []).map((e) => e.epc),
  ])
  expect(located.map((l) => l.epc).sort()).toEqual([...asked].sort())
  const onShelves = located.filter((l) => l.shelf !== null)
  expect(located.slice(0, onShelves.length)).toEqual(onShelves)
  for (const row of Map.groupBy(onShelves, (l) => l.shelf).values())
    expect(row.map((l) => l.rank)).toEqual(row.map((_, i) => i + 1))
  expect(shapeChecker(CoverageMap)(JSON.parse(readFileSync(coverage, 'utf8')))).toEqual([])
})

test('locate: a line that cannot be used is told with its number, and the others count', async () => {
  using dir = tempDir()
  const [first, ...others] = walk.reads
  const stranger = { ...first, antenna: 60_000 }
  const phase = { ...first, phaseRad: 9 }
  const bad = ['rubbish', '{"at":1}', JSON.stringify(stranger), JSON.stringify(phase)].join('\n')
  const scene = sceneIn(dir.path)
  const clean = await locate(['--reads', '-', '--scene', scene], text(walk.reads))
  const mixed = `${text(first ? [first] : [])}${bad}\n\n${text(others)}`
  const spoilt = await locate(['--reads', '-', '--scene', scene], mixed)
  expect(spoilt.lines).toEqual(clean.lines)
  expect(spoilt.code).toBe(0)
  expect(spoilt.err.trim().split('\n')).toEqual([
    '2: read-json: is no JSON',
    expect.stringMatching(/^3: read-shape: .*epc/),
    '4: read-antenna: /antenna 60000 is not in the scene',
    expect.stringMatching(/^5: read-shape: \/phaseRad /),
    `reads-left-out: 4 of ${walk.reads.length + 4} lines`,
  ])
  const none = await locate(['--reads', '-', '--scene', scene], bad)
  expect([none.code, none.lines]).toEqual([65, []])
  expect(none.err).toMatch(/^reads-none: none of 4 lines could be used$/m)
})

test('locate: a byte order mark is no part of a file, and another clock is told', async () => {
  using dir = tempDir()
  const scene = join(dir.path, 'scene.json')
  writeFileSync(scene, `\uFEFF${JSON.stringify(walk.scene)}`)
  const marked = await locate(['--reads', '-', '--scene', scene], `\uFEFF${text(walk.reads)}`)
  expect([marked.code, marked.err]).toEqual([0, ''])
  const day = 86_400_000_000
  const later = walk.reads.map((r) => ({ ...r, at: r.at + day }))
  const elsewhen = await locate(['--reads', '-', '--scene', scene], text(later))
  expect([elsewhen.code, elsewhen.err]).toEqual([0, expect.stringMatching(/^reads-off-the-walk: /)])
})

test('locate: an empty or impossible scene has a code and 65', async () => {
  using dir = tempDir()
  const { scene } = walk
  const [pose] = scene.poses
  const [shelf] = scene.shelves
  const [antenna] = scene.antennas
  if (!pose || !shelf || !antenna) throw new Error('a scene without pose, shelf or antenna')
  const impossible: [string, unknown][] = [
    ['scene-shape', {}],
    ['scene-shape', { ...scene, poses: [] }],
    ['scene-shape', { ...scene, shelves: [] }],
    ['scene-time-backwards', { ...scene, poses: [...scene.poses, pose] }],
    ['scene-no-walk', { ...scene, poses: [pose, { at: pose.at + 1, xMm: pose.xMm }] }],
    [
      'scene-not-passed',
      { ...scene, shelves: scene.shelves.map((s) => ({ ...s, fromMm: 90_000, toMm: 91_000 })) },
    ],
    ['scene-antenna-twice', { ...scene, antennas: [antenna, antenna] }],
    ['scene-shelf-twice', { ...scene, shelves: [...scene.shelves, shelf] }],
    ['scene-shelf-ends', { ...scene, shelves: [{ ...shelf, fromMm: 9, toMm: 9 }] }],
    ['scene-antenna-behind-tags', { ...scene, shelves: [{ ...shelf, depthMm: 0.1 }] }],
    ['scene-shelf-unknown', { ...scene, shelves: [{ ...shelf, shelf: 'another' }] }],
    ['scene-epc-twice', { ...scene, references: [...scene.references, ...scene.references] }],
  ]
  for (const [code, bad] of impossible) {
    const ended = await locate(['--reads', '-', '--scene', sceneIn(dir.path, bad)])
    expect([ended.code, ended.err.split('\n')[0], ended.lines]).toEqual([65, code, []])
  }
  writeFileSync(join(dir.path, 'scene.json'), '{"poses":')
  const torn = await locate(['--reads', '-', '--scene', join(dir.path, 'scene.json')])
  expect([torn.code, torn.err.split('\n')[0]]).toEqual([65, 'scene-json'])
})

test('locate: no reads at all is silence and no error; a wrong call is 64, a file that is not there 66', async () => {
  using dir = tempDir()
  const scene = sceneIn(dir.path)
  const silent = await locate(['--reads', '-', '--scene', scene])
  expect(silent.code).toBe(0)
  const classes = (silent.lines as Located[]).map((l) => l.class)
  expect(classes).toEqual((walk.scene as WalkScene).expected?.map(() => 'uncovered'))
  expect((await locate(['--scene', scene])).code).toBe(64)
  expect((await locate(['--reads', '-', '--scene', scene, '--what'])).code).toBe(64)
  expect((await locate(['--reads', join(dir.path, 'none'), '--scene', scene])).code).toBe(66)
  expect((await locate(['--reads', '-', '--scene', join(dir.path, 'none')])).code).toBe(66)
  const nowhere = ['--coverage', join(dir.path, 'none', 'map.json')]
  expect((await locate(['--reads', '-', '--scene', scene, ...nowhere])).code).toBe(73)
})

test('locate: a million reads go through a small heap', async () => {
  using dir = tempDir()
  const times = Math.ceil(1_000_000 / walk.reads.length)
  const last = walk.reads.at(-1)?.at ?? 0
  const file = join(dir.path, 'reads.jsonl')
  // The same walk over and over, a microsecond later each time, so that no line is an echo of another.
  writeFileSync(file, '')
  for (let n = 0; n < times; n++)
    writeFileSync(file, text(walk.reads.map((r) => ({ ...r, at: Math.min(r.at + n, last) }))), {
      flag: 'a',
    })
  const { code, lines } = await locate(['--reads', file, '--scene', sceneIn(dir.path)], '', [
    '--max-old-space-size=200',
  ])
  expect(code).toBe(0)
  expect(lines.length).toBeGreaterThan(100)
})
