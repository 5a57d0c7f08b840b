/** Every LLRP message that we read or write. Source: LLRP 1.0.1 and 1.1, as in devices 3.2. Parameters follow the fields. */
import { type FieldMap, rest, u8, u16, u32 } from './fields.ts'

const message = <F extends FieldMap>(type: number, fields: F) => ({ type, fields })
const plain = (type: number) => message(type, {})
const ofSpec = (type: number) => message(type, { specId: u32 })

export const messageTable = {
  /** 0 asks for all. */
  GET_READER_CAPABILITIES: message(1, { requested: u8 }),
  GET_READER_CAPABILITIES_RESPONSE: plain(11),
  GET_READER_CONFIG: message(2, { antenna: u16, requested: u8, gpi: u16, gpo: u16 }),
  GET_READER_CONFIG_RESPONSE: plain(12),
  /** Bit 7 restores the factory's settings. */
  SET_READER_CONFIG: message(3, { flags: u8 }),
  SET_READER_CONFIG_RESPONSE: plain(13),
  CLOSE_CONNECTION: plain(14),
  CLOSE_CONNECTION_RESPONSE: plain(4),
  ADD_ROSPEC: plain(20),
  DELETE_ROSPEC: ofSpec(21),
  START_ROSPEC: ofSpec(22),
  STOP_ROSPEC: ofSpec(23),
  ENABLE_ROSPEC: ofSpec(24),
  DISABLE_ROSPEC: ofSpec(25),
  GET_ROSPECS: plain(26),
  ADD_ROSPEC_RESPONSE: plain(30),
  DELETE_ROSPEC_RESPONSE: plain(31),
  START_ROSPEC_RESPONSE: plain(32),
  STOP_ROSPEC_RESPONSE: plain(33),
  ENABLE_ROSPEC_RESPONSE: plain(34),
  DISABLE_ROSPEC_RESPONSE: plain(35),
  GET_ROSPECS_RESPONSE: plain(36),
  ADD_ACCESSSPEC: plain(40),
  DELETE_ACCESSSPEC: ofSpec(41),
  ENABLE_ACCESSSPEC: ofSpec(42),
  DISABLE_ACCESSSPEC: ofSpec(43),
  GET_ACCESSSPECS: plain(44),
  CLIENT_REQUEST_OP: plain(45),
  ADD_ACCESSSPEC_RESPONSE: plain(50),
  DELETE_ACCESSSPEC_RESPONSE: plain(51),
  ENABLE_ACCESSSPEC_RESPONSE: plain(52),
  DISABLE_ACCESSSPEC_RESPONSE: plain(53),
  GET_ACCESSSPECS_RESPONSE: plain(54),
  CLIENT_REQUEST_OP_RESPONSE: plain(55),
  /** LLRP 1.1, as the next three. */
  GET_SUPPORTED_VERSION: plain(46),
  GET_SUPPORTED_VERSION_RESPONSE: message(56, { current: u8, supported: u8 }),
  SET_PROTOCOL_VERSION: message(47, { version: u8 }),
  SET_PROTOCOL_VERSION_RESPONSE: plain(57),
  GET_REPORT: plain(60),
  RO_ACCESS_REPORT: plain(61),
  KEEPALIVE: plain(62),
  READER_EVENT_NOTIFICATION: plain(63),
  ENABLE_EVENTS_AND_REPORTS: plain(64),
  KEEPALIVE_ACK: plain(72),
  ERROR_MESSAGE: plain(100),
  CUSTOM_MESSAGE: message(1023, { vendor: u32, subtype: u8, payload: rest }),
} as const
