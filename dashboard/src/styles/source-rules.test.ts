import { expect, test } from 'vitest'

const components = import.meta.glob<string>('../**/*.{ts,tsx}', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const sheets = import.meta.glob<string>('../**/*.css', {
  query: '?raw',
  import: 'default',
  eager: true,
})

const isText = (path: string) => path.includes('/locales/') || path.endsWith('.test.ts')
/** Code without its comments: the Chinese words of the product may be named there. */
const bare = (source: string) =>
  source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
const colour =
  /#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|(?<![-\w])(?:white|black|red|green|grey|gray|orange|blue)(?![-\w])/i

test('there is something to read', () => {
  expect(Object.keys(components).length).toBeGreaterThan(50)
  expect(Object.keys(sheets).length).toBeGreaterThan(10)
})

test('no Han character stands outside the locales', () => {
  const found = Object.entries(components)
    .filter(([path, source]) => !isText(path) && /\p{Script=Han}/u.test(bare(source)))
    .map(([path]) => path)
  expect(found).toEqual([])
})

test('no literal colour stands outside tokens.css', () => {
  const code = Object.entries(components).filter(
    ([path, source]) => !isText(path) && /#[0-9a-f]{6}\b|\brgba?\(/i.test(bare(source)),
  )
  const css = Object.entries(sheets).filter(
    ([path, source]) => !path.endsWith('/tokens.css') && colour.test(bare(source)),
  )
  expect([...code, ...css].map(([path]) => path)).toEqual([])
})

test('no text is smaller than 12 px', () => {
  const small = Object.entries(sheets).flatMap(([path, source]) =>
    [...source.matchAll(/font(?:-size)?:[^;]*?\b(\d+(?:\.\d+)?)px/g)]
      .filter((m) => Number(m[1]) < 12)
      .map((m) => `${path}: ${m[0]}`),
  )
  expect(small).toEqual([])
})
