/** One bank as Leaflet shapes. Colours, dashes and widths are CSS classes; this only knows where things are. */
import type { LayoutBank } from '@lantai/contracts'
import { LayerGroup, type LeafletMouseEvent, type Path, polygon, polyline } from 'leaflet'
import {
  aisleBox,
  type Box,
  columnShape,
  corners,
  type LayoutColumn,
  xy,
} from '../model/geometry.ts'

export interface Fill {
  a: number
  b: number
}
export interface BankPaint {
  positions: ReadonlyMap<number, number>
  fills: ReadonlyMap<number, Fill>
  /** Reports are fresh: otherwise the steel is drawn dashed. */
  trusted: boolean
  openAisle: number | null
  /** Commanded and not reported: outline only, where the aisle would be. */
  ghost: Box | null
  target: { column: number; side: 'A' | 'B'; section: number | null } | null
}
export interface BankEvents {
  onFace: (column: number, side: 'A' | 'B') => void
  onHover: (column: number | null) => void
}

interface ColumnPaths {
  fillA: Path & { setLatLngs: (p: ReturnType<typeof corners>) => unknown }
  fillB: ColumnPaths['fillA']
  outline: ColumnPaths['fillA']
  diagonal: ReturnType<typeof polyline> | null
}

const shape = (className: string, interactive = false) =>
  polygon([], { className, interactive, smoothFactor: 0, weight: 1, fillOpacity: 1 })
const stroke = (className: string) =>
  polyline([], { className, interactive: false, smoothFactor: 0, fill: false })

export class BankLayer extends LayerGroup {
  readonly #bank: LayoutBank
  readonly #columns = new Map<number, ColumnPaths>()
  readonly #ghost = shape('plan-ghost')
  readonly #aisle = shape('plan-aisle')
  readonly #arrow = stroke('plan-arrow')
  readonly #head = shape('plan-arrow-head')
  readonly #mark = shape('plan-mark')

  constructor(bank: LayoutBank, events: BankEvents) {
    super()
    this.#bank = bank
    const railY = bank.yMm + bank.depthMm + 90
    this.addLayer(
      stroke('plan-rail').setLatLngs([
        xy(bank.xMm - 150, railY),
        xy(bank.xMm + bank.railMm + 150, railY),
      ]),
    )
    for (const c of bank.columns) this.#columns.set(c.column, this.#column(c, events))
    for (const path of [this.#ghost, this.#aisle, this.#arrow, this.#head, this.#mark])
      this.addLayer(path)
  }

  #column(c: LayoutColumn, events: BankEvents): ColumnPaths {
    const paths: ColumnPaths = {
      fillA: shape('plan-fill'),
      fillB: shape('plan-fill'),
      diagonal: c.fixed ? stroke('plan-diagonal') : null,
      outline: shape('plan-column', true),
    }
    paths.outline.on('click', (e) => events.onFace(c.column, this.#sideOf(c, e)))
    paths.outline.on('mouseover', () => events.onHover(c.column))
    paths.outline.on('mouseout', () => events.onHover(null))
    for (const p of [paths.fillA, paths.fillB, paths.diagonal, paths.outline])
      if (p) this.addLayer(p)
    return paths
  }

  #at = new Map<number, number>()
  /** The half that was touched: left is face A, right is face B. */
  #sideOf(c: LayoutColumn, e: LeafletMouseEvent): 'A' | 'B' {
    const middle = this.#bank.xMm + (this.#at.get(c.column) ?? 0) + c.widthMm / 2
    return e.latlng.lng * 1000 < middle ? 'A' : 'B'
  }

  paint(p: BankPaint): void {
    this.#at = new Map(p.positions)
    for (const c of this.#bank.columns) this.#paintColumn(c, p)
    const aisle =
      p.openAisle === null || !p.trusted ? null : aisleBox(this.#bank, p.openAisle, p.positions)
    this.#aisle.setLatLngs(aisle ? corners(inset(aisle, 40)) : [])
    this.#paintArrow(aisle)
    this.#ghost.setLatLngs(p.ghost ? corners(p.ghost) : [])
    this.#mark.setLatLngs(this.#markOf(p))
  }

  #paintColumn(c: LayoutColumn, p: BankPaint) {
    const paths = this.#columns.get(c.column)
    const at = p.positions.get(c.column)
    if (!paths) return
    if (at === undefined) {
      for (const path of [paths.fillA, paths.fillB, paths.outline]) path.setLatLngs([])
      paths.diagonal?.setLatLngs([])
      return
    }
    const s = columnShape(this.#bank, c.widthMm, at, p.fills.get(c.column) ?? { a: 0, b: 0 })
    paths.outline.setLatLngs(corners(s.outline))
    paths.fillA.setLatLngs(corners(s.fillA))
    paths.fillB.setLatLngs(corners(s.fillB))
    const { xMm, yMm, widthMm, heightMm } = s.outline
    paths.diagonal?.setLatLngs([xy(xMm, yMm), xy(xMm + widthMm, yMm + heightMm)])
    const element = paths.outline.getElement()
    element?.classList.toggle('plan-column--target', p.target?.column === c.column)
    element?.classList.toggle('plan-column--old', !p.trusted)
    if (p.target?.column === c.column) paths.outline.bringToFront()
  }

  /** The section that is looked for, on its half of the column; section 1 is at the north end. */
  #markOf(p: BankPaint) {
    const t = p.target
    const c = t && this.#bank.columns.find((x) => x.column === t.column)
    const at = c ? p.positions.get(c.column) : undefined
    if (!t?.section || !c || at === undefined) return []
    const { outline } = columnShape(this.#bank, c.widthMm, at, { a: 0, b: 0 })
    const heightMm = outline.heightMm / c.sections
    const half = outline.widthMm / 2
    return corners({
      xMm: outline.xMm + (t.side === 'B' ? half : 0),
      yMm: outline.yMm + (t.section - 1) * heightMm,
      widthMm: half,
      heightMm,
    })
  }

  /** How a person walks in, from the end where the walkway is. */
  #paintArrow(aisle: Box | null) {
    if (!aisle) {
      this.#arrow.setLatLngs([])
      this.#head.setLatLngs([])
      return
    }
    const down = this.#bank.enterFrom === 'north'
    const x = aisle.xMm + aisle.widthMm / 2
    const from = down ? aisle.yMm + 60 : aisle.yMm + aisle.heightMm - 60
    const tip = down ? aisle.yMm + aisle.heightMm * 0.62 : aisle.yMm + aisle.heightMm * 0.38
    const back = down ? tip - 480 : tip + 480
    this.#arrow.setLatLngs([xy(x, from), xy(x, back)])
    this.#head.setLatLngs([xy(x, tip), xy(x - 210, back), xy(x + 210, back)])
  }
}

const inset = (b: Box, mm: number): Box => ({
  xMm: b.xMm + mm,
  yMm: b.yMm + mm,
  widthMm: Math.max(0, b.widthMm - 2 * mm),
  heightMm: Math.max(0, b.heightMm - 2 * mm),
})
