import { createHash, randomUUID } from 'node:crypto'
import {
  configText,
  type DeviceEntry,
  type DeviceFile,
  type DriverInfo,
  type ReportedConfig,
} from '@lantai/contracts'
import type { Context } from '../../context.ts'
import { takeReported } from './reports.ts'

export const airDriver: DriverInfo = {
  driver: 'air',
  words: { zh: '温湿度', en: 'Air' },
  schema: {
    type: 'object',
    required: ['id', 'label', 'driver', 'host'],
    additionalProperties: false,
    properties: {
      id: { type: 'string' },
      label: { type: 'string' },
      driver: { const: 'air' },
      disabled: { type: 'boolean' },
      host: { type: 'string', maxLength: 40 },
      password: { type: 'string', writeOnly: true },
    },
  },
}

export const airEntry = (id: string, more: Record<string, unknown> = {}): DeviceEntry => ({
  ...{ id, label: id, driver: 'air', host: '10.0.0.1' },
  ...more,
})
export const file = (...devices: DeviceEntry[]): DeviceFile => ({ version: 1, devices })
export const sha256 = (body: DeviceFile) =>
  createHash('sha256').update(configText(body)).digest('hex')

type Result = Extract<ReportedConfig, { part: 'result' }>

/** Says what a gateway says: the result, its devices (each with one sensor and one smoke contact), its driver. */
export async function report(
  ctx: Context,
  gateway: string,
  version: number,
  body: DeviceFile,
  more: Partial<Result> = {},
) {
  const set = randomUUID()
  const result: Result = {
    ...{ part: 'result', set, version, sha256: sha256(body), at: '2026-11-22T06:00:00.000Z' },
    ...{ by: null, judged: null, devices: body.devices.length, drivers: 1 },
    ...more,
  }
  const devices = body.devices.map((entry) => ({ entry, facets: facetsOf(entry) }))
  await takeReported(ctx, gateway, result)
  if (devices.length > 0) await takeReported(ctx, gateway, { part: 'devices', set, devices })
  await takeReported(ctx, gateway, { part: 'driver', set, driver: airDriver })
}

const band = { low: 10, high: 30, deadband: 1 }
const facetsOf = ({ id }: DeviceEntry) => ({
  air: {
    sensors: [{ id: `${id}-1`, label: `sensor of ${id}`, room: 'R1', xMm: 1500, yMm: 2500 }],
    limits: { temperature: band, humidity: band, onDelayMs: 0, offDelayMs: 0 },
    everyMs: 10_000,
  },
  contacts: [{ id: `${id}-smoke`, label: 'smoke', room: 'R1', means: 'smoke' as const }],
})
