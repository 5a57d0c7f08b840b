/** Sensors with their live values. A value older than twice its interval is stale, whoever says otherwise. */
import { api, type LiveDelta, type ResponseOf, type SensorView } from '@lantai/contracts'
import { useLiveCall } from '../../lib/live-query.ts'

type Sensors = ResponseOf<typeof api.climate.listSensors>
export type Gauge = SensorView['gauges'][number]

export function patchSensors(data: Sensors, delta: LiveDelta<'climate'>): Sensors {
  const newest = new Map(delta.values.map((v) => [`${v.sensor} ${v.quantity}`, v]))
  return {
    ...data,
    sensors: data.sensors.map((s) => ({
      ...s,
      gauges: s.gauges.map((g) => {
        const v = newest.get(`${s.sensor} ${g.quantity}`)
        if (!v || (g.at !== null && v.at <= g.at)) return g
        return { ...g, value: v.value, at: v.at, stale: false }
      }),
    })),
  }
}

export const isStale = (g: Gauge, everyMs: number, nowMs: number): boolean =>
  g.stale || g.at === null || nowMs - Date.parse(g.at) > 2 * everyMs

export const isOut = (g: Gauge): boolean =>
  g.value !== null && (g.value < g.low || g.value > g.high)

export const useSensors = () =>
  useLiveCall(api.climate.listSensors, {}, 'climate', patchSensors).data?.sensors ?? []
