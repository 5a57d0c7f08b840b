/** One face as it stands and as it is believed, shelf by shelf. */
import type { Located } from '@lantai/contracts'
import { type LocatingCase, sameEpc, type TruePlace } from '../case.ts'
import { ink, line, picture, rect, type Scale, scale, text } from './svg.ts'

const width = 1180
const left = 24
const right = width - 24
const rowHeight = 76
/** Boards of one height stand in one row, section beside section. */
const sameTierMm = 60
const boxHeight = 20

interface Drawn {
  place: TruePlace
  located: Located | undefined
  widthMm: number
  /** Found, and likelier misplaced than not. */
  inDoubt: boolean
}

const unknownThickness = 30

interface Look {
  fill: string
  edge: string
  mark: string
}

/** What the picture says of a box: by colour, and by a mark for those who see none. */
function lookOf({ place, located, inDoubt }: Drawn, read: boolean): Look {
  if (!read) return { fill: ink.paper, edge: ink.boxEdge, mark: '' }
  if (located?.class === 'misplaced') {
    const right = place.moved
    return {
      fill: right ? ink.blue : ink.red,
      edge: right ? ink.blue : ink.red,
      mark: right ? '' : '!',
    }
  }
  if (inDoubt) return { fill: ink.box, edge: place.moved ? ink.blue : ink.red, mark: '≈' }
  if (place.moved) return { fill: ink.orange, edge: ink.orange, mark: '?' }
  if (located?.class === 'foreign') return { fill: ink.green, edge: ink.green, mark: '+' }
  return { fill: ink.box, edge: ink.boxEdge, mark: '' }
}

function boxAt(drawn: Drawn, xMm: number, y: number, x: Scale, read: boolean): string[] {
  const { fill, edge, mark } = lookOf(drawn, read)
  const from = x(xMm - drawn.widthMm / 2)
  const wide = Math.max(2, x(xMm + drawn.widthMm / 2) - from - 1)
  const dash: Record<string, string> = read ? {} : { 'stroke-dasharray': '2 2' }
  return [
    rect(from, y, wide, boxHeight, {
      fill,
      stroke: edge,
      'stroke-width': mark === '≈' ? 1.6 : 0.8,
      rx: 1,
      ...dash,
    }),
    ...(mark
      ? [
          text(from + wide / 2, y + 14, mark, {
            'text-anchor': 'middle',
            'font-size': 11,
            fill: fill === ink.box ? edge : ink.paper,
            'font-weight': 700,
          }),
        ]
      : []),
  ]
}

interface Believed extends Drawn {
  located: Located & { xMm: number }
}

const isBelievedOn =
  (shelf: string) =>
  (d: Drawn): d is Believed =>
    d.located?.shelf === shelf && d.located.xMm !== null

const legend: readonly (readonly [fill: string, edge: string, words: string])[] = [
  [ink.box, ink.boxEdge, '在位 · in place'],
  [ink.blue, ink.blue, '错架，已发现 · misplaced, found'],
  [ink.orange, ink.orange, '? 错架，未发现 · misplaced, not found'],
  [ink.red, ink.red, '! 误报 · false report'],
  [ink.green, ink.green, '+ 多出 · foreign'],
  [ink.paper, ink.boxEdge, '未读到 · not read'],
  [ink.box, ink.blue, '≈ 存疑，确已错架 · in doubt, rightly'],
  [ink.box, ink.red, '≈ 存疑，其实在位 · in doubt, wrongly'],
]

/** Above each board what stands there, below it what is believed; a thin line joins the two places of each box. */
function shelfOf(
  shelf: string,
  top: number,
  boxes: readonly Drawn[],
  heard: ReadonlySet<string>,
  x: Scale,
): string[] {
  const read = (d: Drawn) => heard.has(sameEpc(d.place.epc))
  const standing = boxes.filter((d) => d.place.shelf === shelf && d.place.xMm !== null)
  const believed = boxes.filter(isBelievedOn(shelf))
  const links = standing.filter(isBelievedOn(shelf))
  return [
    text(
      x(Math.min(...standing.map((d) => (d.place.xMm as number) - d.widthMm / 2))),
      top - 5,
      shelf,
      {
        'font-size': 11,
        fill: ink.quiet,
      },
    ),
    ...standing.flatMap((d) => boxAt(d, d.place.xMm as number, top, x, read(d))),
    ...links.map((d) =>
      line(x(d.place.xMm as number), top + boxHeight, x(d.located.xMm), top + boxHeight + 6, {
        stroke: ink.quiet,
        'stroke-width': 0.7,
      }),
    ),
    ...believed.flatMap((d) => boxAt(d, d.located.xMm, top + boxHeight + 6, x, true)),
  ]
}

export function facePicture(
  given: LocatingCase,
  answer: readonly Located[],
  misplacement: ReadonlyMap<string, number>,
  words: string,
): string {
  const by = new Map(answer.map((l) => [sameEpc(l.epc), l]))
  const thickness = new Map(
    (given.scene.expected ?? []).map((e) => [sameEpc(e.epc), e.thicknessMm]),
  )
  const heard = new Set(given.reads.map((r) => sameEpc(r.epc)))
  const boxes = given.truth.map((place): Drawn => {
    const key = sameEpc(place.epc)
    const located = by.get(key)
    const inDoubt = located?.class === 'found' && (misplacement.get(key) ?? 0) >= 0.5
    return { place, located, inDoubt, widthMm: thickness.get(key) ?? unknownThickness }
  })
  const xs = boxes.flatMap((d) =>
    d.place.shelf === null || d.place.xMm === null ? [] : [d.place.xMm],
  )
  const x = scale(Math.min(...xs) - 40, Math.max(...xs) + 40, left, right)
  const tiers = tiersOf(given)
  const top = 166
  const height = top + tiers.length * rowHeight
  return picture(width, height, 'A face as it stands and as it is believed', [
    text(left, 32, '一面架：真实与所信 · A face: the truth, and what is believed', {
      'font-size': 18,
      'font-weight': 600,
    }),
    text(left, 54, words, { fill: ink.quiet }),
    ...legend.flatMap(([fill, edge, said], i) => {
      const [at, y] = [left + (i % 3) * 280, 70 + 20 * Math.floor(i / 3)]
      return [
        rect(at, y, 12, 12, { fill, stroke: edge }),
        text(at + 18, y + 11, said, { 'font-size': 12 }),
      ]
    }),
    text(left, 140, '每层：上为真实，下为所信 · each shelf: the truth above, the belief below', {
      fill: ink.quiet,
      'font-size': 12,
    }),
    ...tiers.flatMap((tier, i) =>
      tier.flatMap((shelf) => shelfOf(shelf, top + i * rowHeight, boxes, heard, x)),
    ),
  ])
}

/** Names of the shelves, the highest first. */
function tiersOf({ scene, truth }: LocatingCase): string[][] {
  const used = scene.shelves.filter((s) => truth.some((t) => t.shelf === s.shelf))
  const tiers: { heightMm: number; shelves: string[] }[] = []
  for (const { shelf, heightMm } of used.sort((a, b) => b.heightMm - a.heightMm)) {
    const last = tiers.at(-1)
    if (last && last.heightMm - heightMm < sameTierMm) last.shelves.push(shelf)
    else tiers.push({ heightMm, shelves: [shelf] })
  }
  return tiers.map((t) => t.shelves)
}
