import { expect, test } from 'vitest'
import css from './tokens.css?raw'

type Palette = ReadonlyMap<string, string>

/** The tokens of one theme, read from the stylesheet itself. */
function palette(theme: 'light' | 'dark'): Palette {
  const body = css.split(`data-theme="${theme}"`)[1]?.split('}')[0] ?? ''
  return new Map(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1] ?? '', m[2] ?? '']),
  )
}

/** WCAG 2 relative luminance and contrast. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(p: Palette, a: string, b: string): number {
  const [x, y] = [p.get(a), p.get(b)]
  if (!x || !y) throw new Error(`no token ${x ? b : a}`)
  const [high, low] = [luminance(x), luminance(y)].sort((m, n) => n - m) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const asText = ['text', 'muted', 'blue', 'p1', 'p2', 'p3', 'shelved']
const fills = ['p1', 'p2', 'p3', 'blue']

for (const theme of ['light', 'dark'] as const) {
  const p = palette(theme)

  test(`${theme}: all fourteen tokens are there`, () => {
    expect(p.size).toBe(14)
  })
  for (const token of asText)
    for (const ground of ['panel', 'ground'])
      test(`${theme}: ${token} on ${ground} can be read (4.5:1)`, () => {
        expect(contrast(p, token, ground)).toBeGreaterThanOrEqual(4.5)
      })
  for (const fill of fills)
    test(`${theme}: words on a ${fill} fill can be read (4.5:1)`, () => {
      expect(contrast(p, 'on-fill', fill)).toBeGreaterThanOrEqual(4.5)
    })
  test(`${theme}: outlines can be seen on a panel (3:1)`, () => {
    expect(contrast(p, 'line', 'panel')).toBeGreaterThanOrEqual(3)
  })
  test(`${theme}: words on the grey ribbons can be read (4.5:1)`, () => {
    expect(contrast(p, 'text', 'empty')).toBeGreaterThanOrEqual(4.5)
    expect(contrast(p, 'text', theme === 'dark' ? 'hair' : 'slot')).toBeGreaterThanOrEqual(4.5)
  })
}

test('white on the blue of the dark theme stays forbidden', () => {
  const dark = palette('dark')
  const white = new Map([...dark, ['white', '#ffffff']])
  expect(contrast(white, 'white', 'blue')).toBeLessThan(3)
  expect(dark.get('on-fill')).not.toBe('#ffffff')
})
