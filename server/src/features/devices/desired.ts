import type { DesiredConfig, DeviceFile, GatewayState } from '@lantai/contracts'
import type { Context } from '../../context.ts'
import { bodyOf, configRow, versionRows } from './store.ts'

/** The wanted list of a gateway as it goes down; null when nobody wants anything but its own file. */
export async function desiredOf(ctx: Context, gateway: string): Promise<DesiredConfig | null> {
  const version = (await configRow(ctx.db, ctx.site, gateway))?.desired_version ?? null
  // Version 0 is the gateway's own file: it has it.
  if (version === null || version === 0) return null
  const [row] = await versionRows(ctx.db, ctx.site, gateway, version)
  const body: DeviceFile | null = await bodyOf(ctx.db, ctx.site, gateway, version)
  if (!row || !body) throw new Error(`version ${version} of ${gateway} is wanted and not kept`)
  return {
    ...{ gateway, version, sha256: row.sha256, body },
    ...{ by: row.by_name, at: row.at.toISOString(), reason: row.reason },
    withoutContacts: row.without_contacts,
  }
}

/**
 * Sends what is wanted, unless it runs. A failure is no failure of the change: it is sent again after the next birth.
 * @param birth what the gateway said that it runs
 */
export async function sendDesired(
  ctx: Context,
  gateway: string,
  birth: Partial<Pick<GatewayState, 'configVersion' | 'configHash'>> = {},
): Promise<void> {
  if (!ctx.links.understood(gateway)) return
  const desired = await desiredOf(ctx, gateway)
  if (!desired) return
  if (birth.configVersion === desired.version && birth.configHash === desired.sha256) return
  try {
    await ctx.mqtt.desired(desired)
  } catch (err) {
    ctx.log.warn({ err, gateway, version: desired.version }, 'device list may not have been sent')
  }
}
