/**
 * The same table for the shelves of drawn walks, each tag at the antenna nearest to its height: what the locator is up
 * against there, beside what was recorded in laboratories. Nobody has recorded full steel shelves in public.
 */
import { Air, drawScene, type RadioScene, Rng, walkRanges } from '@lantai/firmware-sim'
import { table } from '../table.ts'
import { channels, type MeasuredRow, type Sample } from './measured-row.ts'
import { type ResidualTable, residualTable } from './residual-table.ts'
import { residualsOf } from './residuals.ts'
import { tableRows } from './table-rows.ts'

const stopMm = 20
const aroundMm = 420
const boardsPerScene = 4

export function steelTable(scenes: number): string {
  const names = ['development', 'test'] as const
  const tables = names.map((name) => tableOf(name, scenes))
  return `\nthe same in drawn walks, ${scenes} scenes of ${boardsPerScene} boards\n\n${table(['', ...names], tableRows(...tables))}`
}

function tableOf(name: keyof typeof walkRanges, scenes: number): ResidualTable {
  const rows = Array.from({ length: scenes }, (_, n) => {
    const seed = `steel ${n}`
    const scene = drawScene(seed, walkRanges[name])
    const air = new Air(scene.setup, new Rng(seed))
    const boards = new Rng(`boards ${n}`).shuffle([...scene.face.boards]).slice(0, boardsPerScene)
    return boards.map((board) => boardRow(scene, air, board.shelf))
  })
  return residualTable(
    rows
      .flat()
      .filter((row) => row.samples.length > 0)
      .map(residualsOf),
  )
}

function boardRow(scene: RadioScene, air: Air, shelf: string): MeasuredRow {
  const boxes = scene.boxes.filter((box) => box.shelf === shelf)
  const height = scene.face.boards.find((b) => b.shelf === shelf)?.heightMm ?? 0
  const [antenna] = [...scene.setup.antennas].sort(
    (a, b) => Math.abs(a.offsetMm[1] - height) - Math.abs(b.offsetMm[1] - height),
  )
  const samples = boxes.flatMap((box, tag) =>
    samplesOf(air, antenna?.antenna ?? 1, tag, box.tags[0] ?? -1, box.tag.xMm),
  )
  const along = antenna?.offsetMm[0] ?? 0
  return {
    name: shelf,
    tagsMm: boxes.map((box) => box.tag.xMm - along),
    depthMm: boxes[0]?.tag.yMm ?? 0,
    spacingMm: 0,
    samples,
  }
}

function samplesOf(air: Air, antenna: number, tag: number, index: number, xMm: number): Sample[] {
  const first = Math.ceil((xMm - aroundMm) / stopMm)
  const stops = Math.floor((2 * aroundMm) / stopMm)
  return [...channels.keys()].flatMap((channel) =>
    Array.from({ length: stops }, (_, n) => n + first).flatMap((stop) => {
      const at = stop * stopMm
      const heard = air.listen(antenna, index, 2 * channel, { xMm: at, yMm: 0 })
      return heard ? [{ tag, channel, stop, xMm: at, ...heard }] : []
    }),
  )
}
