/** Everything that the stack screen reads, kept fresh by the live room. */
import { type Address, api, type FaceView, formatAddress, parseAddress } from '@lantai/contracts'
import { useEffect, useMemo, useState } from 'react'
import { useLiveRoom } from '../../lib/live.ts'
import { refetchRoute, useCall } from '../../lib/query.ts'
import { useFace } from './elevation/face-panel.tsx'
import { placeToWalk } from './model/box-words.ts'
import { fillOfFaces } from './model/occupancy.ts'
import type { Selection } from './use-selection.ts'

/** The value once it has stood still: a held arrow key must not fetch every box that it passes. */
function useSettled<T>(value: T, afterMs: number): T {
  const [settled, set] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => set(value), afterMs)
    return () => clearTimeout(timer)
  }, [value, afterMs])
  return settled
}

export function useStackRefresh(): void {
  useLiveRoom('stack', {
    onDelta: (d) => {
      if (d.totals || d.faces.length > 0) void refetchRoute(api.stack.getOccupancy)
      if (d.boxes.length > 0) void refetchRoute(api.boxes.getBox)
    },
    onResync: () => {
      void refetchRoute(api.stack.getOccupancy)
      void refetchRoute(api.boxes.getBox)
    },
  })
}

export function useOccupancy() {
  const found = useCall(api.stack.getOccupancy, {}, { staleTime: 60_000 })
  const columns = found.data?.columns
  const bytes = useMemo(() => new Map((columns ?? []).map((c) => [c.column, c])), [columns])
  const fills = useMemo(
    () => new Map((columns ?? []).map((c) => [c.column, fillOfFaces(c)])),
    [columns],
  )
  return { data: found.data ?? null, bytes, fills }
}

const codeAt = (face: FaceView | null, place: Address | null): string | null => {
  if (!face || !place || place.slot === undefined) return null
  const row = face.rows.find((r) => r.section === place.section && r.shelf === place.shelf)
  return row?.slots.find((s) => s.slot === place.slot)?.code ?? null
}

/** The box that was asked for, as soon as its card is there. */
function useBoxCard(code: string | null) {
  const settled = useSettled(code, 120)
  const box = useCall(
    api.boxes.getBox,
    { params: { box: settled ?? '' } },
    { enabled: settled !== null, staleTime: 10_000 },
  )
  const card = box.data?.code === code ? box.data : null
  return { card, failed: box.error !== null && settled === code }
}

/** Place and box of a selection: each is found from the other. */
export function useChosen(selection: Selection, fallback: Address | null) {
  const asked = selection.by === 'box' ? selection.code : null
  const sought = useBoxCard(asked)
  const walk = sought.card && placeToWalk(sought.card)
  const place =
    selection.by === 'place'
      ? selection.place
      : walk
        ? parseAddress(walk)
        : selection.by === 'nothing' || sought.card || sought.failed
          ? fallback
          : null
  const held = useHeld(place) ?? fallback
  const face = useFace(held ? `${held.column}${held.side}` : '')
  const code =
    selection.by === 'box'
      ? selection.code
      : selection.by === 'place'
        ? (selection.code ?? codeAt(face.data ?? null, held))
        : null
  const box = useBoxCard(code)
  return { place: held, known: place !== null, code, box: box.card, boxFailed: box.failed }
}

/** The last place that was known, while the next one is being found: the drawing does not flicker. */
function useHeld(place: Address | null): Address | null {
  const text = place ? formatAddress(place) : null
  const [held, set] = useState(text)
  useEffect(() => {
    if (text !== null) set(text)
  }, [text])
  const now = text ?? held
  return useMemo(() => (now === null ? null : parseAddress(now)), [now])
}
