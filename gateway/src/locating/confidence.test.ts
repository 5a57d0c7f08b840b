import { expect, test } from 'vitest'
import { onCurve } from './confidence.ts'
import { locatingConstants } from './constants.ts'

test.each(['shelfCurve', 'rankCurve'] as const)(
  'what is surer is never printed as less sure, and nothing as certain: %s',
  (name) => {
    const curve = locatingConstants.confidence[name]
    let before = 0
    for (let n = 0; n <= 20_000; n++) {
      const printed = onCurve(n / 20_000, curve)
      expect(printed).toBeGreaterThanOrEqual(before)
      before = printed
    }
    expect(before).toBeLessThan(1)
  },
)
