/** Walls, doors and fixtures: what does not move. */
import type { StackLayout } from '@lantai/contracts'
import { LayerGroup, polygon, polyline } from 'leaflet'
import { corners, doorLine, roomBox, xy } from '../model/geometry.ts'

type Room = StackLayout['rooms'][number]

const line = (points: [number, number][], className: string) =>
  polyline(points, { className, interactive: false, smoothFactor: 0 })
const area = (points: [number, number][], className: string) =>
  polygon(points, { className, interactive: false, smoothFactor: 0, fillOpacity: 1 })

export function roomLayer(room: Room): LayerGroup {
  const layer = new LayerGroup()
  layer.addLayer(area(corners(roomBox(room)), 'plan-wall'))
  for (const door of room.doors) layer.addLayer(line(doorLine(door), 'plan-door'))
  for (const f of room.fixtures) {
    if (f.kind === 'desk')
      layer.addLayer(
        area(
          corners({ xMm: f.xMm - 900, yMm: f.yMm - 400, widthMm: 1800, heightMm: 800 }),
          'plan-fixture',
        ),
      )
    if (f.kind === 'gate')
      for (const side of [-450, 450])
        layer.addLayer(
          line([xy(f.xMm - 300, f.yMm + side), xy(f.xMm + 300, f.yMm + side)], 'plan-gate'),
        )
  }
  return layer
}
