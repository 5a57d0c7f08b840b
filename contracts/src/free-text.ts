import { Type } from 'typebox'

/**
 * Characters that turn the direction of the text beside them (Unicode 16, property Bidi_Control): with one of them a
 * reason could make another person's line read differently. As the inside of a character class.
 */
const bidiControls = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069'

/** What a person may say freely, empty too; longer than `maxLength` or with a bidi control it is refused. */
export const FreeText = (maxLength: number) =>
  Type.String({ maxLength, pattern: `^[^${bidiControls}]*$` })

/** Pattern of a reason: something besides white space, no bidi control, and nothing of `without`, a class's inside. */
export const reasonPattern = (without = '') => {
  const no = bidiControls + without
  return `^[^${no}]*[^\\s${no}][^${no}]*$`
}

/** Why a person did something: kept, and read by others. */
export const ReasonOf = (minLength: number) =>
  Type.String({ minLength, maxLength: 200, pattern: reasonPattern() })
export const Reason = ReasonOf(2)
