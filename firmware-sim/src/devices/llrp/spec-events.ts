/** Event parameters of a ROSpec and its AISpec (LLRP 1.0.1). */
import type { ByteWriter } from './bytes.ts'

/** ROSpecEvent (249): 0 start, 1 end; the last field is only of a preemption. */
export const rospecEvent = (id: number, type: 'start' | 'end') => (w: ByteWriter) => {
  w.tlv(249, (p) =>
    p
      .u8(type === 'start' ? 0 : 1)
      .u32(id)
      .u32(0),
  )
}

/** AISpecEvent (254) of the first AISpec: its only type is its end. */
export const aiSpecEnd = (id: number) => (w: ByteWriter) => {
  w.tlv(254, (p) => p.u8(0).u32(id).u16(1))
}
