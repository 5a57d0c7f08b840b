/** What the tools of `site` take from the gateway: its drivers as they are, and the process that runs them. */
import type { SparkplugParts } from './outlets/sparkplug/start.ts'

export { checkDevices, type DeviceFileResult, loadDevices } from './core/device-file.ts'
export { DriverHost, type DriverHostDeps } from './core/driver-host.ts'
export { createLog } from './core/log.ts'
export { tryDevice } from './core/trial.ts'
export type { CreateDecoder, Decoded, StreamDecoder } from './drivers/decode.ts'
export { decoders } from './drivers/decoders.ts'
export {
  addressesOf,
  LlrpLook,
  modbusQuestions,
  rtuAnswer,
  rtuQuestion,
  tcpAnswer,
  tcpQuestion,
  type UnitFound,
  unitsOf,
} from './drivers/discover.ts'
export type {
  DriverEvent,
  DriverKind,
  ShelvingAnswer,
  ShelvingRequest,
  TagRead,
} from './drivers/driver.ts'
export type { ByteLink, DriverIo, LinkHandlers, OpenLink } from './drivers/link/byte-link.ts'
export { systemIo } from './drivers/link/system-io.ts'
export { approve as approveCertificate, listRejected, pkiOf } from './drivers/opcua/trust.ts'
export { driverKinds } from './drivers/registry.ts'

/** Makes the gateway's OPC UA certificate in a data directory, as a driver does at first use; its PEM file. */
export const opcUaCertificate = async (dataDir: string): Promise<string> =>
  (await (await import('./drivers/opcua/application.ts')).applicationIn(dataDir)).certificateFile
export type { WalkTrust } from './locating/confidence.ts'
export { type LocatingConstants, locatingConstants } from './locating/constants.ts'
export {
  type LocatedDetail,
  type LocatedReason,
  locate,
  type WalkResult,
} from './locating/locate.ts'
export { ReadBook } from './locating/read-book.ts'
export { checkScene, SceneError, type SceneProblemCode } from './locating/scene.ts'
export type { ToldPlace } from './locating/told.ts'
export { WalkRecorder } from './locating/walk/recorder.ts'
export type { WalkResultView } from './locating/walk/walks.ts'
/** The store of a gateway that does not run just now. */
export { openStore as openOutboxStore } from './outbox/open.ts'
export { limitsOf as outboxLimits } from './outbox/types.ts'
export { allParsers, type Parser } from './parsers.ts'
export { DeskPresence } from './presence/desk.ts'
export { GatePresence, type Passed } from './presence/gate.ts'
export { type Impossible, TwoPlaces } from './presence/two-places.ts'
export { Walk } from './presence/walk.ts'
export { type WalkFeatures, walkFeatures } from './presence/walk-features.ts'

/** The Sparkplug publisher as the gateway runs it. */
export const openSparkplug = async (parts: SparkplugParts) =>
  (await import('./outlets/sparkplug/start.ts')).startSparkplug(parts)
export { openRecording, type Recording } from './recording.ts'
