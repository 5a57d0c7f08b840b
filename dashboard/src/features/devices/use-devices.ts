import { api, type LiveDelta, type ResponseOf } from '@lantai/contracts'
import { useEffect, useState } from 'react'
import { call } from '../../lib/api.ts'
import { useLiveCall } from '../../lib/live-query.ts'
import { refetchRoute, useCall } from '../../lib/query.ts'

export type DeviceList = ResponseOf<typeof api.devices.listDevices>
export type Row = DeviceList['devices'][number]

/** Health and drift come with the news of the gateway; which devices are wanted is asked again when that changes. */
const patch =
  (gateway: string) =>
  (list: DeviceList, delta: LiveDelta<'health'>): DeviceList => {
    const g = delta.gateways.find((view) => view.gateway === gateway)
    if (!g) return list
    const health = new Map(g.devices.map((d) => [d.device, d]))
    return {
      ...list,
      online: g.online,
      config: g.config,
      devices: list.devices.map((d) => ({ ...d, health: health.get(d.device) ?? d.health })),
    }
  }

export function useDevices(gateway: string) {
  const query = useLiveCall(
    api.devices.listDevices,
    { params: { gateway } },
    'health',
    patch(gateway),
  )
  const config = JSON.stringify(query.data?.config)
  useEffect(() => {
    if (config !== undefined) void refetchLists()
  }, [config])
  return query
}

export const refetchLists = () =>
  Promise.all([api.devices.listDevices, api.devices.listVersions].map(refetchRoute))

export const useDrivers = (gateway: string) =>
  useCall(api.devices.listDrivers, { params: { gateway } }, { staleTime: 60_000 })

/** One act at a time; what went wrong stays until the next. */
export function useAct() {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  async function run<T>(act: () => Promise<T>): Promise<T | null> {
    setBusy(true)
    setError(null)
    try {
      return await act()
    } catch (e) {
      setError(e)
      return null
    } finally {
      setBusy(false)
    }
  }
  return { busy, error, run }
}

export const identify = (gateway: string, device: string) =>
  call(api.devices.identifyDevice, { params: { gateway, device } })
