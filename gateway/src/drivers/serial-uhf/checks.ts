/** Check sums of serial UHF modules, and that of the tag itself. Pure. */

/** Sum of the bytes modulo 256 (M100). */
export const sum8 = (bytes: Uint8Array): number => bytes.reduce((sum, b) => (sum + b) & 0xff, 0)

/** Two's complement of the byte sum, so that all bytes together make 0 (Invelion). */
export const twos8 = (bytes: Uint8Array): number => -sum8(bytes) & 0xff

/** CRC-16/MCRF4XX: 0x1021 reflected (0x8408), start FFFF, nothing at the end (Chafon). */
export function mcrf4xx(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const b of bytes) {
    crc ^= b
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0x8408 : crc >>> 1
  }
  return crc
}

const nibbles = [
  0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50a5, 0x60c6, 0x70e7, 0x8108, 0x9129, 0xa14a, 0xb16b,
  0xc18c, 0xd1ad, 0xe1ce, 0xf1ef,
]

/**
 * The CRC of ThingMagic: polynomial 1021, start FFFF, the message shifted in by nibbles behind the register. That is
 * not CRC-CCITT-FALSE, which takes the message at the top of the register: `00 03` gives 1D0C here and 2D6C there.
 */
export function augmented(bytes: Uint8Array): number {
  let crc = 0xffff
  const shift = (nibble: number) => {
    crc = (((crc << 4) | nibble) ^ (nibbles[crc >>> 12] as number)) & 0xffff
  }
  for (const b of bytes) {
    shift(b >>> 4)
    shift(b & 0x0f)
  }
  return crc
}

/** CRC-16 of Gen2 over PC and EPC, as the tag sends it (ISO/IEC 18000-63, annex F). */
export function gen2(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const b of bytes) {
    crc ^= b << 8
    for (let i = 0; i < 8; i++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  return crc ^ 0xffff
}
