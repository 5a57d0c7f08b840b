import { api } from '@lantai/contracts'
import type { Context } from '../../context.ts'
import type { Mount } from '../../http/mount.ts'
import { askDevice } from './asks.ts'
import { putDevice, removeDevice, rollBack } from './change.ts'
import { deviceOf, devicesOf, diffOfVersions, driversOf, versionOf, versionsOf } from './devices.ts'

export function mountDevices(mount: Mount, ctx: Context) {
  const { devices } = api
  mount(devices.listDrivers, (c) => driversOf(ctx, c.params.gateway))
  mount(devices.listDevices, (c) => devicesOf(ctx, c.params.gateway))
  mount(devices.getDevice, (c) => deviceOf(ctx, c.params.gateway, c.params.device))
  mount(devices.putDevice, (c) =>
    putDevice(ctx, c.params.gateway, c.params.device, c.body, c.person),
  )
  mount(devices.removeDevice, (c) =>
    removeDevice(ctx, c.params.gateway, c.params.device, c.body, c.person),
  )
  mount(devices.listVersions, (c) => versionsOf(ctx, c.params.gateway))
  mount(devices.getVersion, (c) => versionOf(ctx, c.params.gateway, c.params.version))
  mount(devices.diffVersions, (c) =>
    diffOfVersions(ctx, c.params.gateway, c.query.from, c.query.to),
  )
  mount(devices.rollBack, (c) =>
    rollBack(ctx, c.params.gateway, c.params.version, c.body, c.person),
  )
  mount(devices.testDevice, async (c) => {
    const { entry, seconds = 10 } = c.body
    const what = { kind: 'test' as const, entry, forMs: seconds * 1000 }
    const answer = await askDevice(ctx, c.params.gateway, what, c.person)
    if (answer.kind === 'test') return { kind: 'report' as const, report: answer.report }
    const reasons = answer.kind === 'refused' ? answer.reasons : ['no report']
    return { kind: 'refused' as const, reasons }
  })
  mount(devices.identifyDevice, (c) =>
    askDevice(ctx, c.params.gateway, { kind: 'identify', device: c.params.device }, c.person),
  )
}
