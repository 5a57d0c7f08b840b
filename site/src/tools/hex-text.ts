/**
 * Bytes written as hexadecimal text, as people copy them from logs: spaces, line ends, `:`, `-`, `,` and `0x` between
 * bytes are nothing, `#` begins a comment. Fed in pieces, split anywhere.
 */
export class HexText {
  #high = ''
  #comment = false
  /** Characters that mean nothing here; they are left out. */
  strange = 0

  push(text: string): Uint8Array {
    const bytes: number[] = []
    for (const char of text) {
      if (char === '#') this.#comment = true
      if (char === '\n') this.#comment = false
      if (this.#comment) continue
      if (/[0-9a-fA-F]/.test(char)) this.#digit(char, bytes)
      else this.#between(char)
    }
    return Uint8Array.from(bytes)
  }
  /** True when half a byte is left over. */
  end(): boolean {
    return this.#high !== ''
  }

  #digit(char: string, bytes: number[]) {
    if (this.#high === '') {
      this.#high = char
      return
    }
    bytes.push(Number.parseInt(this.#high + char, 16))
    this.#high = ''
  }
  #between(char: string) {
    if (/[xX]/.test(char) && this.#high === '0') this.#high = ''
    else if (!/[\s:,-]/.test(char)) this.strange += 1
  }
}
