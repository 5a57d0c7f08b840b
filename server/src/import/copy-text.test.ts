import { describe, expect, it } from 'vitest'
import { copyLine } from './copy-text.ts'

describe('COPY text', () => {
  it('escapes what would end a field or a row, and knows null from its spelling', () => {
    expect(copyLine(['a\tb', 'c\nd', 'e\\N', null, 7, '', '\r'])).toBe(
      'a\\tb\tc\\nd\te\\\\N\t\\N\t7\t\t\\r\n',
    )
  })
})
