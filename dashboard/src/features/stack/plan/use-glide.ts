/** Positions of all columns as drawn: they follow the reports, smoothly where the person allows motion. */
import { useEffect, useRef, useState } from 'react'
import type { HeardBank } from '../../../lib/banks.ts'
import {
  type Glide,
  glideAt,
  glideTo,
  type Positions,
  reportedPositions,
  samePositions,
} from '../model/motion.ts'

interface Track {
  glide: Glide
  reported: Positions
  heardAt: number
}
const nowhere: Positions = new Map()

function follow(
  tracks: Map<string, Track>,
  banks: readonly HeardBank[],
  reduced: boolean,
): boolean {
  let changed = false
  for (const { view, heardAt } of banks) {
    const reported = reportedPositions(view.report?.observed ?? null)
    const before = tracks.get(view.bank)
    if (reported.size === 0 && before) continue
    if (before && samePositions(before.reported, reported)) {
      before.heardAt = heardAt
      continue
    }
    const now = performance.now()
    const drawn = before ? glideAt(before.glide, now).at : reported
    const since = before ? heardAt - before.heardAt : 0
    tracks.set(view.bank, {
      glide: glideTo(drawn, reported, now, since, reduced),
      reported,
      heardAt,
    })
    changed = true
  }
  return changed
}

function frame(tracks: Map<string, Track>): { at: Map<string, Positions>; done: boolean } {
  const now = performance.now()
  const at = new Map<string, Positions>()
  let done = true
  for (const [bank, track] of tracks) {
    const g = glideAt(track.glide, now)
    at.set(bank, g.at)
    done &&= g.done
  }
  return { at, done }
}

export function useGlide(banks: readonly HeardBank[]): (bank: string) => Positions {
  const tracks = useRef(new Map<string, Track>())
  const [drawn, setDrawn] = useState<ReadonlyMap<string, Positions>>(new Map())
  const request = useRef(0)
  useEffect(() => {
    const reduced = matchMedia('(prefers-reduced-motion: reduce)').matches
    // A running loop sees the new glide by itself; it must not be cut by the next report.
    if (!follow(tracks.current, banks, reduced) || request.current !== 0) return
    const paint = () => {
      const { at, done } = frame(tracks.current)
      setDrawn(at)
      request.current = done ? 0 : requestAnimationFrame(paint)
    }
    paint()
  }, [banks])
  useEffect(
    () => () => {
      cancelAnimationFrame(request.current)
      request.current = 0
    },
    [],
  )
  return (bank) => drawn.get(bank) ?? nowhere
}
