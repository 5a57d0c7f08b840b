/** A hand scanner with its F9 prefix: one burst of key events through the browser's own input pipeline. */
import type { Visitor } from './stage.ts'

const enter = { key: 'Enter', code: 'Enter', text: '\r', windowsVirtualKeyCode: 13 }
const prefix = { key: 'F9', code: 'F9', windowsVirtualKeyCode: 120 }
const shift = 8

function keyOf(character: string) {
  const digit = character >= '0' && character <= '9'
  return {
    key: character,
    text: character,
    code: `${digit ? 'Digit' : 'Key'}${character}`,
    windowsVirtualKeyCode: character.charCodeAt(0),
    ...(digit ? {} : { modifiers: shift }),
  }
}

/** Scans a printed code (capital letters and digits), wherever the focus is. */
export async function scan({ page, context }: Visitor, code: string): Promise<void> {
  const session = await context.newCDPSession(page)
  const keys = [prefix, ...[...code].map(keyOf), enter]
  // Sent without waiting in between: a scanner writes faster than a hand, on a busy machine too.
  await Promise.all(
    keys.flatMap((k) => [
      session.send('Input.dispatchKeyEvent', {
        type: 'text' in k ? 'keyDown' : 'rawKeyDown',
        ...k,
      }),
      session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...k }),
    ]),
  )
  await session.detach()
}
