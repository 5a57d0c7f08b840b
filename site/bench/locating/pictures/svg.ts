/** The few shapes of SVG that the pictures need, and their colours: calm, told apart without hue as well. */

export const ink = {
  text: '#1f2937',
  quiet: '#6b7280',
  line: '#d1d5db',
  box: '#e5e7eb',
  boxEdge: '#9ca3af',
  blue: '#1d4ed8',
  orange: '#c2410c',
  green: '#15803d',
  red: '#b91c1c',
  paper: '#ffffff',
} as const

const escaped = (text: string) =>
  text.replace(
    /[&<>"]/g,
    (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] as string,
  )

type Attributes = Readonly<Record<string, string | number>>

const round = (n: number) => Math.round(n * 10) / 10

function tag(name: string, attributes: Attributes, inside = ''): string {
  const all = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escaped(value)}"`,
  )
  return inside === '' ? `<${name}${all.join('')}/>` : `<${name}${all.join('')}>${inside}</${name}>`
}

export const rect = (
  x: number,
  y: number,
  width: number,
  height: number,
  more: Attributes,
): string => tag('rect', { x, y, width, height, ...more })

export const line = (
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  more: Attributes = {},
): string => tag('line', { x1, y1, x2, y2, stroke: ink.line, ...more })

export const circle = (cx: number, cy: number, r: number, more: Attributes): string =>
  tag('circle', { cx, cy, r, ...more })

export const path = (points: readonly (readonly [number, number])[], more: Attributes): string =>
  tag('path', {
    d: points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join(''),
    fill: 'none',
    ...more,
  })

export const text = (x: number, y: number, words: string, more: Attributes = {}): string =>
  tag('text', { x, y, fill: ink.text, 'font-size': 13, ...more }, escaped(words))

/** A whole picture on white, so that it reads in a dark page, too. `title` is for those who do not see it. */
export function picture(
  width: number,
  height: number,
  title: string,
  parts: readonly string[],
): string {
  const family =
    "system-ui, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${family}" role="img">`
  const paper = rect(0, 0, width, height, { fill: ink.paper })
  return `${[open, tag('title', {}, escaped(title)), paper, ...parts, '</svg>'].join('\n')}\n`
}

export type Scale = (value: number) => number

export const scale =
  (from: number, to: number, pixelFrom: number, pixelTo: number): Scale =>
  (value) =>
    pixelFrom + ((value - from) / (to - from)) * (pixelTo - pixelFrom)
