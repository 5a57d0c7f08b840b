/** What the design measured of the same methods on the same recordings (locating 5): rank, and error in centimetres. */
import type { SetName } from './recordings.ts'

export interface DesignFigure {
  method: string
  full: Readonly<Record<SetName, number>> | null
  thinned: Readonly<Record<SetName, number>> | null
}

export const designFigures: readonly DesignFigure[] = [
  { method: 'RSSI peak', full: { D2: 28.9, D3: 36.5 }, thinned: null },
  { method: 'RSSI parabola', full: { D2: 54.7, D3: 69.8 }, thinned: { D2: 39.7, D3: 47.3 } },
  { method: 'STPP', full: { D2: 65.6, D3: 60.4 }, thinned: null },
  { method: 'RF-Scanner', full: { D2: 82.0, D3: 66.7 }, thinned: { D2: 33.6, D3: 30.1 } },
  { method: 'hologram', full: { D2: 55.5, D3: 63.5 }, thinned: { D2: 52.2, D3: 48.9 } },
  { method: 'differential hologram', full: { D2: 74.2, D3: 62.5 }, thinned: null },
  { method: 'weighted hologram, row depth', full: null, thinned: { D2: 63.4, D3: 49.6 } },
]

/** Percentage points that our own implementation may stay below the design's. */
export const tolerance = 3
