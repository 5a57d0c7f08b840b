/** What other workspaces may take from the simulator: its devices one by one, and the demo store's lines. */

export { PtyPair } from './devices/air-line/pty-pair.ts'
export { DeviceDown, DeviceHost } from './devices/host.ts'
export type { DeviceFault, DeviceSpec, DeviceState, ToDevice } from './devices/messages.ts'
export {
  type Standalone,
  type StandaloneAddress,
  type StandaloneOptions,
  standalones,
} from './devices/standalone.ts'
/** As `catalogue-main.ts` prints them. */
export { catalogueLines } from './world/catalogue/store.ts'
/** The radio before one face, and walks with the cart along it. */
export { Air } from './world/radio/air.ts'
export { laboratories, walkRanges } from './world/radio/presets.ts'
export { drawRow, type RowRanges } from './world/radio/row.ts'
export { drawScene, type RadioScene, type SceneRanges } from './world/radio/scene.ts'
export {
  drawWalk,
  playWalk,
  type TrueBox,
  type Walk,
  type WalkRanges,
  type WalkTruth,
} from './world/radio/walk.ts'
export { Rng } from './world/rng.ts'
