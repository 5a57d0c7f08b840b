import { channelsKHz } from '../../world/radio.ts'
import type { TagRead } from '../llrp/reports.ts'

export const frequencyKHz = (read: TagRead): number => channelsKHz[read.channel - 1] ?? 0
export const degrees = (read: TagRead): number =>
  Math.round(((read.phaseRad * 180) / Math.PI) * 100) / 100
