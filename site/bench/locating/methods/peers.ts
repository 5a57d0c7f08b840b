/** The published methods, each our own implementation, on identical reads. */
import type { Method } from '../case.ts'
import { differential, hologram, mobiTagbot, tagoram, weightedRow } from './hologram.ts'
import { peer, tagByTag } from './peer.ts'
import { rfScanner } from './rf-scanner.ts'
import { rssiParabola, rssiPeak } from './rssi.ts'
import { stpp } from './stpp.ts'

export const peers: readonly Method[] = [
  peer('RSSI peak', tagByTag(rssiPeak)),
  peer('RSSI parabola', tagByTag(rssiParabola)),
  peer('STPP', tagByTag(stpp)),
  peer('RF-Scanner', tagByTag(rfScanner)),
  peer('hologram', tagByTag(hologram)),
  peer('MobiTagbot', tagByTag(mobiTagbot)),
  peer('differential hologram', tagByTag(differential)),
  peer('Tagoram', tagByTag(tagoram)),
  peer('weighted hologram, row depth', weightedRow),
]
