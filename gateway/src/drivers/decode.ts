/** A captured byte stream made readable: one object a frame, and a line for what cannot be read. Pure. */

export type Decoded =
  /** `offset` and `length` in bytes of the stream; `message` is JSON with every parameter of the frame. */
  | { offset: number; length: number; message: Record<string, unknown> }
  /** Bytes that are no frame, and why; decoding goes on behind them. */
  | { offset: number; length: number; error: string }

/**
 * Reads one direction of a protocol, or both mixed where the frames say which they are. It is fed in chunks of any
 * size, split anywhere, and must give the same for every split. It never throws and never holds more than one frame.
 */
export interface StreamDecoder {
  push(chunk: Uint8Array): Decoded[]
  /** What is left at the end of the stream: half a frame is an error with its offset. */
  end(): Decoded[]
}

export type CreateDecoder = () => StreamDecoder
