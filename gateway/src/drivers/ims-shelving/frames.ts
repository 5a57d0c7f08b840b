/** `START*02*LEFTOPEN*03*END`: number of the bank, verb, column, as public code of an archive platform writes it. Pure. */

export const highestNumber = 99
export const imsVerbs = ['LEFTOPEN', 'RIGHTOPEN', 'CLOSED', 'VENTILATION', 'STOP'] as const
export type ImsVerb = (typeof imsVerbs)[number]

export interface ImsFrame {
  bank: number
  verb: string
  /** 0: the whole bank. */
  column: number
}

const two = (n: number) => String(n).padStart(2, '0')
const pattern = /^START\*(\d{2})\*([A-Z]{1,16})\*(\d{2})\*END$/
/** The longest frame that the pattern allows. */
export const longestFrame = 'START*00*'.length + 16 + '*00*END'.length

export const encodeFrame = ({ bank, verb, column }: ImsFrame): Uint8Array =>
  Buffer.from(`START*${two(bank)}*${verb}*${two(column)}*END`, 'latin1')

/** Null when it is no frame of this kind. */
export function decodeFrame(text: string): ImsFrame | null {
  const [, bank, verb, column] = pattern.exec(text) ?? []
  return bank && verb && column ? { bank: Number(bank), verb, column: Number(column) } : null
}

/** The first frame in a reply whose other words are not known; null when there is none. */
export function frameIn(reply: string): ImsFrame | null {
  const from = reply.indexOf('START*')
  const to = reply.indexOf('*END', from)
  return from < 0 || to < 0 ? null : decodeFrame(reply.slice(from, to + '*END'.length))
}
