import { type Static, Type } from 'typebox'

/** Site, gateway, device, sensor and reader names: short lower-case words that fit into a topic and a URL. */
export const Name = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$', description: 'short name' })
export type Name = Static<typeof Name>

/** Random surrogate id, so that a hidden row's existence cannot be probed (reliability 4.5). */
export const Uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
})

/**
 * Code printed on a box: `LT`, seven digits or capital letters without meaning, and a check character
 * (ISO 7064 MOD 37,36). ASCII, ten long, so that a scanner under a Chinese IME can be read (ux 6).
 */
export const BoxCode = Type.String({ pattern: '^LT[0-9A-Z]{8}$' })

/** Reader card of a borrower: `RC`, seven characters, check character. */
export const CardCode = Type.String({ pattern: '^RC[0-9A-Z]{8}$' })

/** EPC as read: hex, upper case, a whole number of 16-bit words. */
export const Epc = Type.String({ pattern: '^([0-9A-F]{4}){1,31}$' })

/** `R1`. */
export const RoomId = Type.String({ pattern: '^R[0-9]{1,3}$' })
/** `B1`: columns on one pair of rails that share the open aisle. */
export const BankId = Type.String({ pattern: '^B[0-9]{1,3}$' })
/** Column number, unique in a room and painted on the steel. */
export const ColumnNo = Type.Integer({ minimum: 1, maximum: 999 })
export const Side = Type.Unsafe<'A' | 'B'>({ type: 'string', enum: ['A', 'B'] })
/** `12A`: side A faces the lower column number, side B the higher one. */
export const FaceId = Type.String({ pattern: '^[0-9]{1,3}[AB]$' })
/** `12A-3-4-2`: column, face, section, shelf, slot from the left; trailing parts may be missing. */
export const AddressText = Type.String({ pattern: '^[0-9]{1,3}[AB](-[0-9]{1,2}){0,3}$' })

/**
 * The aisle that opens after column `n` of its bank: between `n` and `n+1`, or between the last column and
 * the end stop. It serves face B of `n` and face A of `n+1`.
 */
export const AisleNo = ColumnNo

/** Unsigned 64-bit counter as a decimal string, so that no digit is lost above 2^53 (rule D5). */
export const Seq = Type.String({ pattern: '^(0|[1-9][0-9]{0,19})$' })
