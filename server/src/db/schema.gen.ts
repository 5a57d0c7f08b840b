// Generated from a migrated database by `npm run db:types`. Do not edit.
import type { ColumnType } from 'kysely'

export type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U>
    ? ColumnType<S, I | undefined, U>
    : ColumnType<T, T | undefined, T>
export type Timestamp = ColumnType<Date, Date | string, Date | string>
/** Written as JSON text, so that an array is never taken for a PostgreSQL array. */
export type Json = ColumnType<unknown, string, string>

export interface Account {
  account: string
  clearance: string
  created_at: Generated<Timestamp>
  disabled_at: Timestamp | null
  failed_count: Generated<number>
  id: string
  last_sign_in: Timestamp | null
  locked_until: Timestamp | null
  name: string
  password_hash: string
  roles: string[]
  site_id: string
}

export interface Alarm {
  ack_at: Timestamp | null
  ack_by: string | null
  ack_comment: string | null
  active: boolean
  alarm_id: string
  closed_at: Timestamp | null
  gateway: string
  key: string
  kind: string
  latched: boolean
  limit: number | null
  priority: number
  reset_at: Timestamp | null
  reset_by: string | null
  reset_reason: string | null
  returned_at: Timestamp | null
  since: Timestamp
  since_corrected: Timestamp | null
  since_epoch: string | null
  since_seq: string | null
  site_id: string
  state: string
  unit: string | null
  value: number | null
  version: number
  where: Json
}

export interface Belief {
  at: Timestamp
  box_id: string
  by: string
  c0: number
  corrected: Generated<boolean>
  h_per_day: number
  kind: string
  place: string | null
  place_label: string | null
  site_id: string
}

export interface Borrower {
  card: string
  clearance: number
  name: string
  site_id: string
  unit: string
  valid_until: string
}

export interface Box {
  box_id: string
  code: string
  epc: string
  registered_at: Timestamp
  secrecy: number
  site_id: string
  spine_mm: number
  tid: string
}

export interface BoxMove {
  at: Timestamp
  box_id: string
  by_id: string
  by_name: string
  from_place: string | null
  move_id: string
  n: Generated<number>
  reason: string | null
  site_id: string
  to_place: string
  undoes: string | null
}

export interface Category {
  category_id: number
  code: string
  fonds: string
  retention: string | null
  site_id: string
  title: string
}

export interface ClockPair {
  boot: string
  bucket: number
  clock: string
  gateway: string
  mono: number
  site_id: string
  wall: Timestamp
}

export interface ConfigJudgement {
  errors: string[]
  gateway: string
  judged_at: Timestamp
  sha256: string
  site_id: string
  state: string
  version: number
}

export interface CustodyAnchor {
  at: Timestamp
  detail: string | null
  id: string
  log: number
  ok: boolean
  received_at: Timestamp
  root: Buffer
  site_id: string
  size: number
  witness: string
}

export interface CustodyCheckpoint {
  log: number
  note: string
  site_id: string
  size: number
}

export interface CustodyConfigVersion {
  at: Timestamp
  body: string
  by_id: string | null
  by_name: string
  gateway: string
  origin: string
  reason: string
  sha256: string
  site_id: string
  version: number
  without_contacts: Generated<string[]>
}

export interface CustodyEntry {
  actor: string
  at: Timestamp
  box: string | null
  detail: string | null
  event: string
  id: string
  index: number
  leaf: Buffer
  log: number
  outcome: string
  site_id: string
}

export interface CustodyHead {
  at: Timestamp
  log: number
  peaks: Buffer[]
  root: Buffer
  site_id: string
  size: number
}

export interface CustodyNode {
  hash: Buffer
  index: number
  level: number
  log: number
  site_id: string
}

export interface DeviceHealth {
  bad_frames: number
  detail: string | null
  device: string
  driver: string
  firmware: string | null
  gateway: string
  label: string
  simulated: Generated<boolean>
  since: Timestamp
  site_id: string
  state: string
  updated_at: Timestamp
}

export interface DoubtfulEntry {
  entry: string
  epoch: string
  gateway: string
  seq: string
  site_id: string
}

export interface DoubtfulTime {
  apart_us: number | null
  boot: string
  by_clock: string | null
  clock: string
  corrected_at: Timestamp | null
  epoch: string
  gateway: string
  mono: number
  received_at: Timestamp
  seq: string
  site_id: string
  told_at: Timestamp
  type: string
}

export interface Evidence {
  at: Timestamp
  box_id: string
  by: string
  corrected_at: Timestamp | null
  epoch: string | null
  gateway: string | null
  id: Generated<number>
  kind: string
  place: string | null
  place_label: string | null
  received_at: Timestamp
  seq: string | null
  site_id: string
}

export interface File {
  box_id: string
  category_id: number
  date: string
  file_id: string
  grams: string
  initials: string
  openness: string
  pages: number
  position: number
  ref_code: string
  ref_code_original: string | null
  responsible: string
  retention: string
  secrecy: number
  site_id: string
  title: string
}

export interface FileSubject {
  file_id: string
  site_id: string
  subject_id: string
}

export interface Fonds {
  code: string
  creator: string
  site_id: string
  title: string
}

export interface Gap {
  count: number
  device: string | null
  epoch: string
  first_seq: string | null
  from_at: Timestamp | null
  gateway: string
  id: string
  lane: string
  last_seq: string | null
  reason: string
  received_at: Timestamp
  seq: string
  site_id: string
  to_at: Timestamp | null
}

export interface Gateway {
  boot: string | null
  clock: string | null
  config_hash: string | null
  conn: number | null
  console_url: string | null
  contract: number | null
  epoch: string | null
  gateway: string
  held_at: Timestamp | null
  held_reason: string | null
  last_heard: Timestamp | null
  online: Generated<boolean>
  roster_version: number | null
  since: Timestamp | null
  site_id: string
  software: string | null
  witnessed_at: Timestamp | null
  witnessed_size: number | null
}

export interface GatewayConfig {
  desired_at: Timestamp | null
  desired_version: number | null
  drivers: Generated<Json>
  gateway: string
  judged_version: number | null
  reported_at: Timestamp | null
  reported_sha256: string | null
  reported_version: number | null
  running: Generated<Json>
  site_id: string
}

export interface GatewayCursor {
  alarm: Generated<string>
  custody: Generated<string>
  epoch: string
  fenced_at: Timestamp | null
  gateway: string
  opened_at: Timestamp
  reads: Generated<string>
  site_id: string
  telemetry: Generated<string>
}

export interface Inbox {
  epoch: string
  gateway: string
  hash: Buffer
  lane: string
  received_at: Timestamp
  seq: string
  site_id: string
}

export interface InventoryRound {
  antennas: number[]
  complete: Generated<boolean>
  device: string
  epoch: string
  from_at: Timestamp
  gap: boolean
  gateway: string
  received_at: Timestamp
  rounds: number
  seq: string
  site_id: string
  tags: number
  to_at: Timestamp
  troubles: string[]
}

export interface Layout {
  body: Json
  loaded_at: Timestamp
  site_id: string
  version: number
}

export interface LendingRequest {
  act: string
  at: Timestamp
  hash: Buffer
  loans: string[]
  person_id: string
  request_id: string
  site_id: string
}

export interface Loan {
  box_id: string
  card: string
  due: string
  issued_at: Timestamp
  issued_by: string | null
  issued_by_name: string
  loan_id: string
  purpose: string | null
  returned_at: Timestamp | null
  returned_by: string | null
  returned_by_name: string | null
  site_id: string
  undone: Generated<boolean>
}

export interface NumberedTag {
  box_id: string
  epc: string
  site_id: string
}

export interface Placement {
  box_id: string
  column: number
  section: number
  shelf: number
  side: string
  site_id: string
  slot: number
  spine_mm: number
}

export interface Quarantine {
  code: string
  detail: string
  epoch: string | null
  gateway: string
  hash: Buffer
  id: string
  lane: string | null
  raw: Buffer
  received_at: Timestamp
  seq: string | null
  site_id: string
}

export interface Reading {
  at: Timestamp
  quantity: number
  sensor_id: number
  site_id: string
  value: number
}

export interface ReadingDirty {
  hour: Timestamp
  site_id: string
}

export interface ReadingHour {
  bucket: Timestamp | null
  max: number | null
  mean: number | null
  min: number | null
  n: number | null
  quantity: number | null
  sensor_id: number | null
  site_id: string | null
}

export interface ReadingHourRollup {
  bucket: Timestamp
  max: number
  mean: number
  min: number
  n: number
  quantity: number
  sensor_id: number
  site_id: string
}

export interface ReadingMinute {
  bucket: Timestamp | null
  max: number | null
  mean: number | null
  min: number | null
  n: number | null
  quantity: number | null
  sensor_id: number | null
  site_id: string | null
}

export interface ReadingMinuteRollup {
  bucket: Timestamp
  max: number
  mean: number
  min: number
  n: number
  quantity: number
  sensor_id: number
  site_id: string
}

export interface ReadingRolled {
  hours: Timestamp
  minutes: Timestamp
  one: Generated<boolean>
}

export interface RecordAccess {
  access_id: string
  act: string
  at: Timestamp
  file_id: string | null
  files: number
  person_id: string
  person_name: string
  site_id: string
  subject_id: string | null
}

export interface SchemaMigration {
  applied_at: Generated<Timestamp>
  hash: string
  name: string
}

export interface Sensor {
  label: string
  name: string
  room: string
  sensor_id: Generated<number>
  site_id: string
  x_mm: number
  y_mm: number
}

export interface Session {
  address: string
  created_at: Timestamp
  end_reason: string | null
  ended_at: Timestamp | null
  failed_count: Generated<number>
  id: string
  last_used_at: Timestamp
  locked_until: Timestamp | null
  person_id: string
  site_id: string
  token_hash: Buffer
}

export interface ShelvingCommand {
  aisle: number | null
  approval_until: Timestamp | null
  approver_id: string | null
  approver_name: string | null
  approver_roles: string[] | null
  asked_reason: string | null
  at: Timestamp
  bank: string
  by_id: string | null
  by_name: string
  by_roles: string[]
  command_id: string
  expected_revision: number | null
  gateway: string
  inferred: Generated<boolean>
  origin: string
  purpose: string | null
  reason: string | null
  sent_until: Timestamp | null
  site_id: string
  state: string
  updated_at: Timestamp
  verb: string
}

export interface StackVersion {
  site_id: string
  version: number
}

export interface Subject {
  grams: string
  initials: string
  name: string
  number: string
  site_id: string
  subject_id: string
  type: string
}

export interface DB {
  account: Account
  alarm: Alarm
  belief: Belief
  borrower: Borrower
  box: Box
  box_move: BoxMove
  category: Category
  clock_pair: ClockPair
  config_judgement: ConfigJudgement
  custody_anchor: CustodyAnchor
  custody_checkpoint: CustodyCheckpoint
  custody_config_version: CustodyConfigVersion
  custody_entry: CustodyEntry
  custody_head: CustodyHead
  custody_node: CustodyNode
  device_health: DeviceHealth
  doubtful_entry: DoubtfulEntry
  doubtful_time: DoubtfulTime
  evidence: Evidence
  file: File
  file_subject: FileSubject
  fonds: Fonds
  gap: Gap
  gateway: Gateway
  gateway_config: GatewayConfig
  gateway_cursor: GatewayCursor
  inbox: Inbox
  inventory_round: InventoryRound
  layout: Layout
  lending_request: LendingRequest
  loan: Loan
  numbered_tag: NumberedTag
  placement: Placement
  quarantine: Quarantine
  reading: Reading
  reading_dirty: ReadingDirty
  reading_hour: ReadingHour
  reading_hour_rollup: ReadingHourRollup
  reading_minute: ReadingMinute
  reading_minute_rollup: ReadingMinuteRollup
  reading_rolled: ReadingRolled
  record_access: RecordAccess
  schema_migration: SchemaMigration
  sensor: Sensor
  session: Session
  shelving_command: ShelvingCommand
  stack_version: StackVersion
  subject: Subject
}
