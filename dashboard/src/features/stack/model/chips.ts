/** Finds free floor for the climate chips, so that none ever covers a column, a number or a header (ux 2.6). */
export interface Rect {
  x: number
  y: number
  w: number
  h: number
}

const overlap = (a: Rect, b: Rect) =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
const inside = (a: Rect, v: Rect) =>
  a.x >= v.x && a.y >= v.y && a.x + a.w <= v.x + v.w && a.y + a.h <= v.y + v.h

/**
 * Places each chip as near to its sensor as free floor allows; in pixels.
 * @param farthest pixels that a chip may stand away from its sensor
 * @returns one rectangle per sensor, null where the view has no free floor left
 */
export function placeChips(
  wanted: readonly { x: number; y: number }[],
  size: { w: number; h: number },
  taken: readonly Rect[],
  view: Rect,
  farthest = Number.POSITIVE_INFINITY,
): (Rect | null)[] {
  const used = [...taken]
  return wanted.map((p) => {
    const place = nearestFree(p, size, used, view, farthest)
    if (place) used.push({ x: place.x - 3, y: place.y - 3, w: place.w + 6, h: place.h + 6 })
    return place
  })
}

function nearestFree(
  p: { x: number; y: number },
  size: { w: number; h: number },
  used: readonly Rect[],
  view: Rect,
  farthest: number,
): Rect | null {
  let best: Rect | null = null
  let bestDistance = farthest
  for (const x of candidates(p.x - size.w / 2, view.x, view.x + view.w - size.w)) {
    for (const y of candidates(p.y - size.h / 2, view.y, view.y + view.h - size.h)) {
      const distance = Math.hypot(x + size.w / 2 - p.x, y + size.h / 2 - p.y)
      const r = { x, y, ...size }
      if (distance >= bestDistance || !inside(r, view) || used.some((u) => overlap(r, u))) continue
      best = r
      bestDistance = distance
    }
  }
  return best
}

/** The wished coordinate and a grid of 6 px over the view: at most a few thousand tries, all arithmetic. */
function candidates(wish: number, from: number, to: number): number[] {
  if (to < from) return []
  const list = [Math.min(to, Math.max(from, wish))]
  for (let v = from; v <= to; v += 6) list.push(v)
  return list
}

/** The bank nearest to a sensor, in room millimetres; a sensor further away than `withinMm` belongs to none. */
export function nearestBank<
  B extends { xMm: number; yMm: number; railMm: number; depthMm: number },
>(banks: readonly B[], p: { xMm: number; yMm: number }, withinMm: number): B | null {
  let best: B | null = null
  let bestMm = withinMm
  for (const b of banks) {
    const dx = Math.max(b.xMm - p.xMm, 0, p.xMm - b.xMm - b.railMm)
    const dy = Math.max(b.yMm - p.yMm, 0, p.yMm - b.yMm - b.depthMm)
    const mm = Math.hypot(dx, dy)
    if (mm < bestMm) {
      best = b
      bestMm = mm
    }
  }
  return best
}
