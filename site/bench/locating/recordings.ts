/**
 * The public AdaRF recordings D2 and D3 (IMWUT 2019), for evaluation only: they lie outside the project and nothing
 * of them is copied into it. The folder is the setting LANTAI_RF_DIR. Where tags stood is written down in the README
 * of that folder, and here as numbers in centimetres.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Type } from 'typebox'
import { readConfig } from '../../src/config.ts'
import { repositoryRoot } from '../../src/supervise/node-process.ts'
import type { TruePlace } from './case.ts'

export type SetName = 'D2' | 'D3'
export const setNames: readonly SetName[] = ['D2', 'D3']

/** All reads of one tag on one channel at one stop of the antenna, merged. */
export interface Cell {
  epc: string
  channel: number
  /** Stop of the antenna, 0…49. */
  aperture: number
  reads: number
  /** Circular mean, −π…π; grows with distance. */
  phase: number
  /** Mean resultant length, 0…1. */
  resultant: number
  rssi: number
}

/** One move of the antenna along one row of tags. */
export interface Recording {
  set: SetName
  run: string
  cells: Cell[]
  /** Of the antenna at every stop. */
  apertureMm: number[]
  /** The row from left to right, a tag of unknown place with a null x; then strays, with a null shelf. */
  truth: TruePlace[]
  spacingMm: number
  /** Distance of the row from the rail. */
  depthMm: number
}

const Settings = Type.Object({
  LANTAI_RF_DIR: Type.String({ default: join(repositoryRoot, '..', 'shared', 'data', 'rf') }),
})

/** Folder of the recordings by the setting, whether it is there or not. Throws when the setting cannot be used. */
export function recordingsDir(env: Record<string, string | undefined> = process.env): string {
  const read = readConfig(Settings, env)
  if (!read.ok) throw new Error(read.wrong.join('; '))
  return resolve(read.config.LANTAI_RF_DIR)
}

const fileOf: Readonly<Record<SetName, string>> = {
  D2: '2_test.json.gz',
  D3: '3_test.json.gz',
}
export const fileStem = (set: SetName): string => fileOf[set].replace('.json.gz', '')

/** The one line to print where the recordings are not. */
export const absentLine = (dir: string): string =>
  `SKIPPED: no recordings in ${dir} (LANTAI_RF_DIR); everything that needs them is left out`

export const hasRecordings = (dir: string): boolean =>
  setNames.every((set) => existsSync(join(dir, fileOf[set])))

/** Megahertz of channel 0…7: every second Chinese channel. */
export const channelMHz = (channel: number): number => 920.625 + 0.5 * channel

/** [X, Y, S] in centimetres: middle of the row, its distance from the rail, spacing of the tags. */
type Row = readonly [number, number, number]

const d2Rows: Readonly<Record<string, Row>> = {
  '190110-01': [50, 82, 8],
  '190110-02': [52, 82, 8],
  '190110-03': [49, 77, 8],
  '190110-04': [47, 77, 8],
  '190110-05': [50, 72, 8],
  '190110-06': [53, 72, 8],
  '190110-07': [53, 67, 8],
  '190110-08': [47, 67, 8],
  '190110-09': [50, 62, 8],
  '190110-10': [47, 62, 8],
  '190110-11': [51, 59, 8],
  '190110-12': [48, 59, 8],
  '190110-13': [53, 53, 8],
  '190110-14': [47, 53, 8],
  '190110-15': [51, 48, 8],
  '190110-16': [49, 48, 8],
}

const d3Rows: Readonly<Record<string, Row>> = {
  '190126-01': [50, 75.6, 8],
  '190126-02': [50, 65.5, 8],
  '190126-03': [50, 56.6, 8],
  '190126-04': [50, 44.7, 8],
  '190126-05': [50, 45.7, 10],
  '190126-06': [50, 53, 10],
  '190126-07': [50, 63.2, 10],
  '190126-08': [50, 73, 10],
  '190127-01': [50, 72.3, 6],
  '190127-02': [50, 63, 6],
  '190127-03': [50, 56.3, 6],
  '190127-04': [50, 47.2, 6],
  '190127-05': [50, 48.4, 4],
  '190127-06': [50, 58.2, 4],
  '190127-07': [50, 67.5, 4],
  '190127-08': [50, 76.6, 4],
}

interface Layout {
  rows: Readonly<Record<string, Row>>
  /** Ends of the EPCs from left to right. */
  order: readonly string[]
  /** Heard as neighbours at the two ends of the row; nobody wrote down where, so they are never scored. */
  ends: readonly [left: string, right: string] | null
}

const layouts: Readonly<Record<SetName, Layout>> = {
  D2: { rows: d2Rows, order: ['07', '01', '02', '03', '04', '05', '06', '08'], ends: null },
  D3: { rows: d3Rows, order: ['01', '02', '03', '04', '05', '06'], ends: ['07', '08'] },
}

const epcOf = (end: string) => `9427000000000000000000${end}`

/** The one shelf of a recording. */
export const recordedShelf = 'row'

function truthOf({ order, ends }: Layout, [middle, , spacing]: Row): TruePlace[] {
  const at = (end: string, xMm: number | null): TruePlace => ({
    epc: epcOf(end),
    shelf: recordedShelf,
    xMm,
    scored: xMm !== null,
    moved: false,
    dead: false,
  })
  const tags = order.map((end, i) =>
    at(end, 10 * (middle + spacing * (i - (order.length - 1) / 2))),
  )
  return ends ? [at(ends[0], null), ...tags, at(ends[1], null)] : tags
}

/** Heard in a few cells of some runs, and of no row that anybody wrote down. */
const stray = (epc: string): TruePlace => ({
  epc,
  shelf: null,
  xMm: null,
  scored: false,
  moved: false,
  dead: false,
})

type RawRun = Record<string, [n: number, phase: number, r: number, rssi: number, x: number]>

function recordingOf(set: SetName, run: string, raw: RawRun): Recording {
  const layout = layouts[set]
  const row = layout.rows[run.slice(0, 9)]
  if (!row) throw new Error(`${fileOf[set]}: nobody wrote down where the tags of run ${run} stood`)
  const apertureMm: number[] = []
  const cells = Object.entries(raw).map(([key, [reads, phase, resultant, rssi, x]]) => {
    const [epc = '', channel, stop] = key.split('|')
    const aperture = Number(stop)
    apertureMm[aperture] = x * 1000
    return { epc, channel: Number(channel), aperture, reads, phase, resultant, rssi }
  })
  const placed = truthOf(layout, row)
  const known = new Set(placed.map((t) => t.epc))
  const strays = [...new Set(cells.map((c) => c.epc))].filter((epc) => !known.has(epc))
  const truth = [...placed, ...strays.map(stray)]
  return { set, run, cells, apertureMm, truth, spacingMm: row[2] * 10, depthMm: row[1] * 10 }
}

/** All sixteen runs of a set. Throws when the file is absent or is not what the README describes. */
export function loadRecordings(dir: string, set: SetName): Recording[] {
  const raw = JSON.parse(gunzipSync(readFileSync(join(dir, fileOf[set]))).toString()) as Record<
    string,
    RawRun
  >
  return Object.entries(raw).map(([run, cells]) => recordingOf(set, run, cells))
}
