/** The one Leaflet map of a component: made once, sized by one observer, taken down with it (ux 5). */
import {
  CRS,
  type LatLngBoundsLiteral,
  type Map as LeafletMap,
  latLngBounds,
  map,
  type PointTuple,
} from 'leaflet'
import { type RefObject, useCallback, useEffect, useState, useSyncExternalStore } from 'react'

export interface FitTo {
  bounds: LatLngBoundsLiteral
  topLeft: PointTuple
  bottomRight: PointTuple
  /** Puts what is fitted at the left, so that the free floor is in one piece. */
  alignLeft: boolean
}

function createMap(element: HTMLElement): LeafletMap {
  return map(element, {
    crs: CRS.Simple,
    attributionControl: false,
    zoomControl: false,
    inertia: false,
    worldCopyJump: false,
    // The labels are DOM of our own; they would jump while Leaflet scales its panes.
    zoomAnimation: false,
    fadeAnimation: false,
    markerZoomAnimation: false,
    zoomSnap: 0,
    zoomDelta: 0.5,
    minZoom: -1,
    maxZoom: 9,
    keyboardPanDelta: 60,
  })
}

/** Fits without the wide margins that a snapped zoom leaves (Leaflet/Leaflet#7638). */
export function fit(m: LeafletMap, to: FitTo): void {
  m.options.zoomSnap = 0
  m.fitBounds(to.bounds, {
    paddingTopLeft: to.topLeft,
    paddingBottomRight: to.bottomRight,
    animate: false,
  })
  if (to.alignLeft) {
    const left = m.latLngToContainerPoint(latLngBounds(to.bounds).getNorthWest()).x
    m.panBy([left - to.topLeft[0], 0], { animate: false })
  }
  m.options.zoomSnap = 0.25
}

/** @param fitTo refitted when it changes, and when the element's size does, until a person moves the plan */
export function useLeaflet(
  ref: RefObject<HTMLElement | null>,
  fitTo: FitTo | null,
): LeafletMap | null {
  const [instance, set] = useState<LeafletMap | null>(null)
  useEffect(() => {
    if (!ref.current) return undefined
    const m = createMap(ref.current)
    m.setView([0, 0], 0)
    set(m)
    return () => {
      set(null)
      m.remove()
    }
  }, [ref])
  useEffect(() => {
    if (!instance || !fitTo) return undefined
    fit(instance, fitTo)
    let moved = false
    const byHand = () => {
      moved = true
    }
    const element = instance.getContainer()
    const observer = new ResizeObserver(() => {
      instance.invalidateSize({ pan: false })
      if (!moved) fit(instance, fitTo)
    })
    observer.observe(element)
    instance.on('dragstart', byHand)
    element.addEventListener('wheel', byHand, { passive: true })
    return () => {
      observer.disconnect()
      instance.off('dragstart', byHand)
      element.removeEventListener('wheel', byHand)
    }
  }, [instance, fitTo])
  return instance
}

export interface MapView {
  /** Pixels of the container for a point in room millimetres. */
  at: (xMm: number, yMm: number) => { x: number; y: number }
  pxPerMm: number
  width: number
  height: number
}

const moments = 'move zoom viewreset resize'

/** The view of the map as a value that changes when the plan is panned, zoomed or resized. */
export function useMapView(m: LeafletMap | null): MapView | null {
  const subscribe = useCallback(
    (changed: () => void) => {
      m?.on(moments, changed)
      return () => {
        m?.off(moments, changed)
      }
    },
    [m],
  )
  const stamp = useSyncExternalStore(subscribe, () => (m ? viewStamp(m) : ''))
  return m && stamp !== '' ? viewOf(m) : null
}

function viewStamp(m: LeafletMap): string {
  const size = m.getSize()
  const origin = m.latLngToContainerPoint([0, 0])
  return `${m.getZoom()} ${origin.x} ${origin.y} ${size.x} ${size.y}`
}

function viewOf(m: LeafletMap): MapView {
  const size = m.getSize()
  const origin = m.project([0, 0])
  const pxPerMm = (m.project([0, 1]).x - origin.x) / 1000
  return {
    at: (xMm, yMm) => m.latLngToContainerPoint([-yMm / 1000, xMm / 1000]),
    pxPerMm,
    width: size.x,
    height: size.y,
  }
}
