import type { SecrecyLevel } from '@lantai/contracts'
import { secrecyLevels } from '@lantai/contracts'

/** Levels are stored by their place in the order, so that a clearance is a comparison in SQL. */
export const rankOf = (level: SecrecyLevel): number => secrecyLevels.indexOf(level)

/** An unknown rank is read as the highest level: in doubt nobody sees it. */
export const levelOf = (rank: number): SecrecyLevel => secrecyLevels[rank] ?? 'topSecret'
