/** Every LLRP parameter with its layout. Source: LLRP 1.0.1, as in devices 3.2; what 1.1 added is marked. */
import {
  bits,
  bytes,
  type FieldMap,
  flags,
  i8,
  i16,
  list,
  reserved,
  rest,
  text,
  u8,
  u16,
  u32,
  u64,
  words,
} from './fields.ts'

export interface Shape<F extends FieldMap = FieldMap> {
  readonly code: number
  /** TV parameters have a fixed length and no children; whatever a TLV holds behind its fields is children. */
  readonly form: 'tv' | 'tlv'
  readonly fields: F
}
const tv = <F extends FieldMap>(code: number, fields: F): Shape<F> => ({ code, form: 'tv', fields })
const tlv = <F extends FieldMap>(code: number, fields: F): Shape<F> => ({
  code,
  form: 'tlv',
  fields,
})

const tagReportParts = {
  AntennaID: tv(1, { value: u16 }),
  FirstSeenTimestampUTC: tv(2, { us: u64 }),
  FirstSeenTimestampUptime: tv(3, { us: u64 }),
  LastSeenTimestampUTC: tv(4, { us: u64 }),
  LastSeenTimestampUptime: tv(5, { us: u64 }),
  PeakRSSI: tv(6, { dBm: i8 }),
  /** Counts from one in the hop table. */
  ChannelIndex: tv(7, { value: u16 }),
  TagSeenCount: tv(8, { value: u16 }),
  ROSpecID: tv(9, { value: u32 }),
  InventoryParameterSpecID: tv(10, { value: u16 }),
  C1G2CRC: tv(11, { value: u16 }),
  C1G2PC: tv(12, { value: u16 }),
  EPC96: tv(13, { epc: bytes(12) }),
  SpecIndex: tv(14, { value: u16 }),
  ClientRequestOpSpecResult: tv(15, { value: u16 }),
  AccessSpecID: tv(16, { value: u32 }),
  OpSpecID: tv(17, { value: u16 }),
  C1G2SingulationDetails: tv(18, { collisionSlots: u16, emptySlots: u16 }),
  /** LLRP 1.1. */
  C1G2XPCW1: tv(19, { value: u16 }),
  C1G2XPCW2: tv(20, { value: u16 }),
  TagReportData: tlv(240, {}),
  EPCData: tlv(241, { epc: bits }),
  C1G2ReadOpSpecResult: tlv(349, { result: u8, opSpecId: u16, data: words }),
  C1G2WriteOpSpecResult: tlv(350, { result: u8, opSpecId: u16, wordsWritten: u16 }),
  C1G2KillOpSpecResult: tlv(351, { result: u8, opSpecId: u16 }),
  C1G2LockOpSpecResult: tlv(352, { result: u8, opSpecId: u16 }),
  C1G2BlockEraseOpSpecResult: tlv(353, { result: u8, opSpecId: u16 }),
  C1G2BlockWriteOpSpecResult: tlv(354, { result: u8, opSpecId: u16, wordsWritten: u16 }),
  /** LLRP 1.1, as the next two. */
  C1G2RecommissionOpSpecResult: tlv(360, { result: u8, opSpecId: u16 }),
  C1G2BlockPermalockOpSpecResult: tlv(361, { result: u8, opSpecId: u16 }),
  C1G2GetBlockPermalockStatusOpSpecResult: tlv(362, {
    result: u8,
    opSpecId: u16,
    status: list(16),
  }),
  RFSurveyReportData: tlv(242, {}),
  FrequencyRSSILevelEntry: tlv(243, {
    kHz: u32,
    bandwidthKHz: u32,
    averageDBm: i8,
    peakDBm: i8,
  }),
}

const capabilities = {
  GeneralDeviceCapabilities: tlv(137, {
    maxAntennas: u16,
    flags: flags(16, { canSetAntennaProperties: 15, hasUtcClock: 14 }),
    manufacturer: u32,
    model: u32,
    firmware: text,
  }),
  ReceiveSensitivityTableEntry: tlv(139, { index: u16, value: u16 }),
  PerAntennaAirProtocol: tlv(140, { antenna: u16, protocols: list(8) }),
  GPIOCapabilities: tlv(141, { inputs: u16, outputs: u16 }),
  LLRPCapabilities: tlv(142, {
    flags: flags(8, {
      canDoRFSurvey: 7,
      canReportBufferFillWarning: 6,
      supportsClientRequestOpSpec: 5,
      canDoTagInventoryStateAwareSingulation: 4,
      supportsEventAndReportHolding: 3,
    }),
    maxPriorityLevel: u8,
    clientRequestOpSpecTimeout: u16,
    maxROSpecs: u32,
    maxSpecsPerROSpec: u32,
    maxInventoryParameterSpecsPerAISpec: u32,
    maxAccessSpecs: u32,
    maxOpSpecsPerAccessSpec: u32,
  }),
  RegulatoryCapabilities: tlv(143, { country: u16, standard: u16 }),
  UHFBandCapabilities: tlv(144, {}),
  TransmitPowerLevelTableEntry: tlv(145, { index: u16, dBmTimes100: i16 }),
  FrequencyInformation: tlv(146, { flags: flags(8, { hopping: 7 }) }),
  FrequencyHopTable: tlv(147, { id: u8, reserved: reserved(1), kHz: list(32) }),
  FixedFrequencyTable: tlv(148, { kHz: list(32) }),
  PerAntennaReceiveSensitivityRange: tlv(149, { antenna: u16, min: u16, max: u16 }),
  C1G2LLRPCapabilities: tlv(327, {
    // Bits 5 to 2 are LLRP 1.1.
    flags: flags(8, {
      canSupportBlockErase: 7,
      canSupportBlockWrite: 6,
      canSupportBlockPermalock: 5,
      canSupportTagRecommissioning: 4,
      canSupportUMIMethod2: 3,
      canSupportXPC: 2,
    }),
    maxSelectFiltersPerQuery: u16,
  }),
  UHFC1G2RFModeTable: tlv(328, {}),
  UHFC1G2RFModeTableEntry: tlv(329, {
    id: u32,
    flags: flags(8, { divideRatio64over3: 7, epcHagConformant: 6 }),
    m: u8,
    forwardLinkModulation: u8,
    spectralMask: u8,
    bdr: u32,
    pie: u32,
    minTari: u32,
    maxTari: u32,
    stepTari: u32,
  }),
  /** LLRP 1.1, as the next. */
  MaximumReceiveSensitivity: tlv(363, { dBm: i16 }),
  RFSurveyFrequencyCapabilities: tlv(365, { minKHz: u32, maxKHz: u32 }),
}

const roSpec = {
  ROSpec: tlv(177, { id: u32, priority: u8, state: u8 }),
  ROBoundarySpec: tlv(178, {}),
  /** 0 none, 1 immediate, 2 periodic, 3 GPI. */
  ROSpecStartTrigger: tlv(179, { type: u8 }),
  PeriodicTriggerValue: tlv(180, { offsetMs: u32, periodMs: u32 }),
  GPITriggerValue: tlv(181, { port: u16, flags: flags(8, { event: 7 }), timeoutMs: u32 }),
  /** 0 none, 1 duration, 2 GPI. */
  ROSpecStopTrigger: tlv(182, { type: u8, durationMs: u32 }),
  /** Antenna 0 is all. */
  AISpec: tlv(183, { antennas: list(16) }),
  /** 0 none, 1 duration, 2 GPI, 3 tag observation. */
  AISpecStopTrigger: tlv(184, { type: u8, durationMs: u32 }),
  TagObservationTrigger: tlv(185, {
    type: u8,
    reserved: reserved(1),
    tags: u16,
    attempts: u16,
    t: u16,
    timeoutMs: u32,
  }),
  InventoryParameterSpec: tlv(186, { id: u16, protocol: u8 }),
  AntennaConfiguration: tlv(222, { antenna: u16 }),
  RFReceiver: tlv(223, { sensitivityIndex: u16 }),
  RFTransmitter: tlv(224, { hopTable: u16, channel: u16, powerIndex: u16 }),
  /** 0 none, 1 every N tags or end of AISpec, 2 every N tags or end of ROSpec; N = 0 is no limit. */
  ROReportSpec: tlv(237, { trigger: u8, n: u16 }),
  TagReportContentSelector: tlv(238, {
    flags: flags(16, {
      roSpecId: 15,
      specIndex: 14,
      inventoryParameterSpecId: 13,
      antenna: 12,
      channel: 11,
      peakRssi: 10,
      firstSeen: 9,
      lastSeen: 8,
      seenCount: 7,
      accessSpecId: 6,
    }),
  }),
  C1G2InventoryCommand: tlv(330, { flags: flags(8, { stateAware: 7 }) }),
  C1G2RFControl: tlv(335, { mode: u16, tari: u16 }),
  C1G2SingulationControl: tlv(336, {
    flags: flags(8, { session: [6, 2] }),
    population: u16,
    transitMs: u32,
  }),
  /** XPC is LLRP 1.1. */
  C1G2EPCMemorySelector: tlv(348, { flags: flags(8, { crc: 7, pc: 6, xpc: 5 }) }),
  C1G2Filter: tlv(331, { flags: flags(8, { truncate: [6, 2] }) }),
  C1G2TagInventoryMask: tlv(332, {
    flags: flags(8, { bank: [6, 2] }),
    pointer: u16,
    mask: bits,
  }),
  C1G2TagInventoryStateAwareFilterAction: tlv(333, { target: u8, action: u8 }),
  C1G2TagInventoryStateUnawareFilterAction: tlv(334, { action: u8 }),
  C1G2TagInventoryStateAwareSingulationAction: tlv(337, {
    flags: flags(8, { inventoriedB: 7, selected: 6, allSelected: 5 }),
  }),
  RFSurveySpec: tlv(187, { antenna: u16, fromKHz: u32, toKHz: u32 }),
  RFSurveySpecStopTrigger: tlv(188, { type: u8, durationMs: u32, n: u32 }),
  /** LLRP 1.1; 0 repeats for ever. */
  LoopSpec: tlv(355, { count: u32 }),
}

const writes = {
  opSpecId: u16,
  password: u32,
  flags: flags(8, { bank: [6, 2] }),
  pointer: u16,
  data: words,
}

const accessSpec = {
  AccessSpec: tlv(207, {
    id: u32,
    antenna: u16,
    protocol: u8,
    flags: flags(8, { active: 7 }),
    roSpecId: u32,
  }),
  AccessSpecStopTrigger: tlv(208, { type: u8, operations: u16 }),
  AccessCommand: tlv(209, {}),
  AccessReportSpec: tlv(239, { trigger: u8 }),
  C1G2TagSpec: tlv(338, {}),
  C1G2TargetTag: tlv(339, {
    flags: flags(8, { bank: [6, 2], match: 5 }),
    pointer: u16,
    mask: bits,
    data: bits,
  }),
  C1G2Read: tlv(341, {
    opSpecId: u16,
    password: u32,
    flags: flags(8, { bank: [6, 2] }),
    pointer: u16,
    words: u16,
  }),
  C1G2Write: tlv(342, writes),
  C1G2Kill: tlv(343, { opSpecId: u16, password: u32 }),
  C1G2Lock: tlv(344, { opSpecId: u16, password: u32 }),
  C1G2LockPayload: tlv(345, { privilege: u8, field: u8 }),
  C1G2BlockErase: tlv(346, {
    opSpecId: u16,
    password: u32,
    flags: flags(8, { bank: [6, 2] }),
    pointer: u16,
    words: u16,
  }),
  C1G2BlockWrite: tlv(347, writes),
  /** LLRP 1.1, as the next two. */
  C1G2Recommission: tlv(357, {
    opSpecId: u16,
    password: u32,
    flags: flags(8, { sb3: 2, sb2: 1, lsb: 0 }),
  }),
  C1G2BlockPermalock: tlv(358, {
    opSpecId: u16,
    password: u32,
    flags: flags(8, { bank: [6, 2] }),
    pointer: u16,
    mask: list(16),
  }),
  C1G2GetBlockPermalockStatus: tlv(359, {
    opSpecId: u16,
    password: u32,
    flags: flags(8, { bank: [6, 2] }),
    pointer: u16,
    range: u16,
  }),
  ClientRequestOpSpec: tlv(210, { opSpecId: u16 }),
  ClientRequestResponse: tlv(211, { accessSpecId: u32 }),
}

const configuration = {
  LLRPConfigurationStateValue: tlv(217, { value: u32 }),
  /** 0 a MAC address as EUI-64, 1 an EPC. */
  Identification: tlv(218, { type: u8, id: list(8) }),
  GPOWriteData: tlv(219, { port: u16, flags: flags(8, { high: 7 }) }),
  AntennaProperties: tlv(221, {
    flags: flags(8, { connected: 7 }),
    antenna: u16,
    gainDBiTimes100: i16,
  }),
  /** State: 0 low, 1 high, 2 unknown. */
  GPIPortCurrentState: tlv(225, { port: u16, flags: flags(8, { enabled: 7 }), state: u8 }),
}

const eventsAndStatus = {
  UTCTimestamp: tlv(128, { us: u64 }),
  Uptime: tlv(129, { us: u64 }),
  KeepaliveSpec: tlv(220, { type: u8, periodMs: u32 }),
  EventsAndReports: tlv(226, { flags: flags(8, { hold: 7 }) }),
  ReaderEventNotificationSpec: tlv(244, {}),
  EventNotificationState: tlv(245, { type: u16, flags: flags(8, { on: 7 }) }),
  ReaderEventNotificationData: tlv(246, {}),
  HoppingEvent: tlv(247, { hopTable: u16, nextChannel: u16 }),
  GPIEvent: tlv(248, { port: u16, flags: flags(8, { high: 7 }) }),
  /** 0 start, 1 end, 2 preempted by `preemptedBy`. */
  ROSpecEvent: tlv(249, { type: u8, id: u32, preemptedBy: u32 }),
  ReportBufferLevelWarningEvent: tlv(250, { percent: u8 }),
  ReportBufferOverflowErrorEvent: tlv(251, {}),
  ReaderExceptionEvent: tlv(252, { message: text }),
  RFSurveyEvent: tlv(253, { type: u8, roSpecId: u32, specIndex: u16 }),
  AISpecEvent: tlv(254, { type: u8, roSpecId: u32, specIndex: u16 }),
  /** 0 lost, 1 connected. */
  AntennaEvent: tlv(255, { type: u8, antenna: u16 }),
  /** 0 success, 1 held by a reader-initiated connection, 2 by a client-initiated one, 3 failed, 4 another tried. */
  ConnectionAttemptEvent: tlv(256, { status: u16 }),
  ConnectionCloseEvent: tlv(257, {}),
  /** LLRP 1.1. */
  SpecLoopEvent: tlv(356, { roSpecId: u32, loopCount: u32 }),
  LLRPStatus: tlv(287, { code: u16, text }),
  FieldError: tlv(288, { field: u16, code: u16 }),
  ParameterError: tlv(289, { type: u16, code: u16 }),
  Custom: tlv(1023, { vendor: u32, subtype: u32, data: rest }),
}

export const parameterTable = {
  ...tagReportParts,
  ...capabilities,
  ...roSpec,
  ...accessSpec,
  ...configuration,
  ...eventsAndStatus,
}
