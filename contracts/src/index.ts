export * from './address.ts'
export * from './alarms.ts'
export * from './catalogue.ts'
export * from './check-character.ts'
export * from './clock.ts'
export * from './device-config.ts'
export * from './devices.ts'
export * from './edge.ts'
export { type Epc96, encodeEpc, idUri, type RawReason, readGs1, tagUri } from './epc/gs1.ts'
export { fitsPc, type Pc, parsePc } from './epc/pc.ts'
export { checkProfiles, EpcProfile } from './epc/profile.ts'
export { type ProfileReading, readProfile } from './epc/profile-reading.ts'
export { readTag, type TagReading } from './epc/read.ts'
export { type Scheme as EpcScheme, schemeNames as epcSchemes } from './epc/schemes.ts'
export { parseTid, type Tid } from './epc/tid.ts'
export * from './free-text.ts'
export type { AlarmView } from './http/alarms.ts'
export type { Belief, BoxCard, EvidenceKind } from './http/boxes.ts'
export type { SensorView } from './http/climate.ts'
export type { CustodyEntry } from './http/custody.ts'
export type { ConfigVersionView, DeviceDiff, DeviceRow } from './http/devices.ts'
export type {
  BlindTimes,
  Check,
  ConfigDrift,
  ConfigSummary,
  ContactView,
  DeviceView,
  DoubtfulTimes,
  GatewayView,
  RoundsView,
} from './http/gateways.ts'
export * as api from './http/index.ts'
export type { BorrowerView, LendingCheck, LoanView } from './http/lending.ts'
export type { Me } from './http/people.ts'
export type { FileView, Hit } from './http/records.ts'
export type { BankView, CommandView } from './http/shelving.ts'
export type { FaceView, Slot, SlotState } from './http/stack.ts'
export * from './ids.ts'
export * from './live.ts'
export * from './locating.ts'
export * from './problems.ts'
export * from './roles.ts'
export * from './rounds.ts'
export * from './route.ts'
export * from './schema.ts'
export * from './shape-checker.ts'
export * from './shelving.ts'
export * from './stack.ts'
export * from './storable-text.ts'
export * from './units.ts'
