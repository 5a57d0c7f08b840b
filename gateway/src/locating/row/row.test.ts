import { describe, expect, test } from 'vitest'
import { locatingConstants } from '../constants.ts'
import { fitRow, type RowFit, type RowInput, type TagSamples } from './row.ts'

const c = locatingConstants.row
const light = 299_792.458

/** Seeded; uniform in [0, 1). */
function mulberry(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Scene {
  places: number[]
  depth: number
  line: number
  /** Rad, of a bias that is smooth along the rail. */
  bias: number
  everyMm: number
  /** Labels of one kind, all as deep: they turn the phase alike. */
  alike?: boolean
}

/** Free space and a smooth random bias: no coupling, so that the model is tested by something other than itself. */
function rowOf(
  { places, depth, line, bias, everyMm, alike = false }: Scene,
  seed: number,
): RowInput {
  const random = mulberry(seed)
  const tags = places.map((place): TagSamples => {
    const waves = Array.from({ length: 3 }, () => [300 + 400 * random(), 2 * Math.PI * random()])
    const offset = 2 * Math.PI * random() * (alike ? 0.05 : 1)
    const x = Float64Array.from(
      { length: Math.floor(1000 / everyMm) },
      (_, i) => (i + random()) * everyMm,
    )
    const mhz = Float64Array.from(x, () => 920.625 + 0.5 * Math.floor(8 * random()))
    const way = (at: number) => Math.hypot(at - place, depth)
    const smooth = (at: number) =>
      waves.reduce((s, [l = 1, p = 0]) => s + Math.sin((2 * Math.PI * at) / l + p), 0) / 3
    return {
      x,
      antenna: new Uint16Array(x.length),
      pass: new Uint16Array(x.length),
      phase: x.map((at, i) => {
        const f = mhz[i] as number
        return (4 * Math.PI * f * way(at)) / light + offset + line * f + bias * smooth(at)
      }),
      mhz,
      rssi: x.map((at) => -50 - 40 * Math.log10(way(at) / depth) + 2 * bias * smooth(at)),
      weight: new Float64Array(x.length).fill(1),
    }
  })
  return {
    tags,
    antennas: [{ upMm: 0, towardsMm: 0, lineRadPerMhz: line }],
    depthMm: depth,
    minGapMm: 15,
  }
}

const usual: Scene = {
  places: [260, 350, 410, 520, 640, 700],
  depth: 600,
  line: 0.4,
  bias: 0.3,
  everyMm: 60,
}

const fit = (input: RowInput) => fitRow(input, c)
const errors = ({ xMm }: RowFit, places: number[]) => places.map((p, i) => (xMm[i] as number) - p)
const mapped = (tag: TagSamples, pick: number[]): TagSamples => ({
  x: Float64Array.from(pick, (i) => tag.x[i] as number),
  antenna: Uint16Array.from(pick, (i) => tag.antenna[i] as number),
  pass: Uint16Array.from(pick, (i) => tag.pass[i] as number),
  phase: Float64Array.from(pick, (i) => tag.phase[i] as number),
  mhz: Float64Array.from(pick, (i) => tag.mhz[i] as number),
  rssi: Float64Array.from(pick, (i) => tag.rssi[i] as number),
  weight: Float64Array.from(pick, (i) => tag.weight[i] as number),
})
const all = (tag: TagSamples) => [...tag.x.keys()]
const expectClose = (a: Float64Array, b: Float64Array) => {
  for (const [i, v] of a.entries()) expect(v).toBeCloseTo(b[i] as number, 0)
}

describe('a row of tags', () => {
  test('is found in order and within centimetres, whatever the bias', () => {
    for (const seed of [1, 2, 3]) {
      const found = fit(rowOf(usual, seed))
      expect([...found.order]).toEqual([0, 1, 2, 3, 4, 5])
      for (const e of errors(found, usual.places)) expect(Math.abs(e)).toBeLessThan(30)
    }
  })

  test('is found without a known depth, and the depth with it', () => {
    const found = fit({ ...rowOf(usual, 1), depthMm: null })
    expect([...found.order]).toEqual([0, 1, 2, 3, 4, 5])
    expect(Math.abs(found.depthMm - usual.depth)).toBeLessThan(100)
  })

  test('two antennas at different heights have offsets of their own and share the places', () => {
    const low = rowOf(usual, 1)
    const high = rowOf({ ...usual, depth: Math.hypot(600, 300) }, 2)
    const tags = low.tags.map((tag, i) => {
      const other = high.tags[i] as TagSamples
      const both = (a: Float64Array, b: Float64Array) => Float64Array.from([...a, ...b])
      return {
        x: both(tag.x, other.x),
        antenna: Uint16Array.from([...tag.antenna, ...other.antenna.map(() => 1)]),
        pass: Uint16Array.from([...tag.pass, ...other.pass]),
        phase: both(tag.phase, other.phase),
        mhz: both(tag.mhz, other.mhz),
        rssi: both(tag.rssi, other.rssi),
        weight: both(tag.weight, other.weight),
      }
    })
    const antenna = { towardsMm: 0, lineRadPerMhz: usual.line }
    const antennas = [
      { ...antenna, upMm: 0 },
      { ...antenna, upMm: 300 },
    ]
    const found = fit({ ...low, tags, antennas })
    expect([...found.order]).toEqual([0, 1, 2, 3, 4, 5])
    const alone = fit(low)
    const mean = (v: Float64Array) => v.reduce((a, b) => a + b, 0) / v.length
    expect(mean(found.sigmaMm)).toBeLessThan(mean(alone.sigmaMm))
  })
})

test('labels that turn the phase alike are placed better than labels that do not', () => {
  const tight = { ...usual, places: [380, 420, 460, 500, 540, 580], bias: 0.8 }
  const error = (alike: boolean) => {
    const all = [1, 2, 3, 4].flatMap((seed) =>
      errors(fit(rowOf({ ...tight, alike }, seed)), tight.places),
    )
    return all.reduce((sum, e) => sum + Math.abs(e), 0) / all.length
  }
  expect(error(true)).toBeLessThan(0.9 * error(false))
})

test('a label that is fainter than the others, and one that stands back, are found all the same', () => {
  const input = rowOf({ ...usual, alike: true }, 1)
  const tags = input.tags.map((t, i) => ({
    ...t,
    rssi: i === 2 ? t.rssi.map((v) => v - 12) : t.rssi,
    phase: i === 4 ? t.phase.map((p) => p + 2) : t.phase,
  }))
  const found = fit({ ...input, tags })
  expect([...found.order]).toEqual([0, 1, 2, 3, 4, 5])
  for (const e of errors(found, usual.places)) expect(Math.abs(e)).toBeLessThan(30)
})

describe('the answer stays the same', () => {
  const input = rowOf(usual, 1)
  const was = fit(input)

  test('when the rail is moved', () => {
    const tags = input.tags.map((t) => ({ ...t, x: t.x.map((x) => x + 7000) }))
    const found = fit({ ...input, tags })
    expectClose(
      found.xMm.map((x) => x - 7000),
      was.xMm,
    )
    expectClose(found.sigmaMm, was.sigmaMm)
  })

  test('when tags are named otherwise', () => {
    const pick = [3, 0, 5, 1, 4, 2]
    const found = fit({ ...input, tags: pick.map((i) => input.tags[i] as TagSamples) })
    for (const [k, i] of pick.entries()) {
      expect(found.xMm[k]).toBeCloseTo(was.xMm[i] as number, 3)
      expect(found.sigmaMm[k]).toBeCloseTo(was.sigmaMm[i] as number, 3)
    }
    expect([...found.order].map((k) => pick[k])).toEqual([...was.order])
  })

  test('when samples come in another order', () => {
    const tags = input.tags.map((t) => mapped(t, all(t).reverse()))
    expectClose(fit({ ...input, tags }).xMm, was.xMm)
  })

  test('when every read is there twice', () => {
    const tags = input.tags.map((t) => mapped(t, [...all(t), ...all(t)]))
    const found = fit({ ...input, tags })
    expectClose(found.xMm, was.xMm)
    expectClose(found.sigmaMm, was.sigmaMm)
  })

  test('when phases are told a turn off', () => {
    const tags = input.tags.map((t) => ({
      ...t,
      phase: t.phase.map((p, i) => p - 2 * Math.PI * (i % 5)),
    }))
    expectClose(fit({ ...input, tags }).xMm, was.xMm)
  })
})

test('fewer samples make places less sure, on average', () => {
  const mean = (inputs: RowInput[]) => {
    const sigmas = inputs.flatMap((input) => [...fit(input).sigmaMm])
    return sigmas.reduce((a, b) => a + b, 0) / sigmas.length
  }
  const many = [4, 5, 6].map((seed) => rowOf({ ...usual, everyMm: 40 }, seed))
  const sixth = (t: TagSamples) =>
    mapped(
      t,
      all(t).filter((i) => i % 6 === 0),
    )
  const few = many.map((input) => ({ ...input, tags: input.tags.map(sixth) }))
  expect(mean(few)).toBeGreaterThan(mean(many))
})

test('pairs are in order, and surer than their two places allow', () => {
  const { pairs, sigmaMm } = fit(rowOf(usual, 1))
  expect(pairs.length).toBeGreaterThanOrEqual(usual.places.length - 1)
  for (const { deltaMm } of pairs) expect(deltaMm).toBeGreaterThanOrEqual(0)
  const next = pairs.filter((p) => p.right === p.left + 1)
  const apart = next.reduce((s, p) => s + p.sigmaMm, 0)
  const alone = next.reduce(
    (s, p) => s + Math.hypot(sigmaMm[p.left] as number, sigmaMm[p.right] as number),
    0,
  )
  expect(apart).toBeLessThan(alone * 1.05)
})

test('the channel line is found from tags heard on two channels at one place', () => {
  const input = rowOf(usual, 5)
  const tags = input.tags.map((t) => {
    const twice = mapped(t, [...all(t), ...all(t)])
    for (const i of all(t)) {
      const step = (twice.mhz[i] as number) > 922 ? -1 : 1
      twice.mhz[i] = (twice.mhz[i] as number) + step
      const at = Math.hypot((twice.x[i] as number) - (usual.places[0] as number), usual.depth)
      twice.phase[i] = (twice.phase[i] as number) + step * (usual.line + (4 * Math.PI * at) / light)
    }
    return twice
  })
  const antennas = [{ upMm: 0, towardsMm: 0, lineRadPerMhz: null }]
  expect([...fit({ ...input, tags, antennas }).order]).toEqual([0, 1, 2, 3, 4, 5])
})

test('where no place was heard on two channels the row as a whole tells the channel line', () => {
  for (const seed of [1, 2]) {
    const input = rowOf({ ...usual, bias: 0.2, line: 0.6 }, seed)
    const antennas = [{ upMm: 0, towardsMm: 0, lineRadPerMhz: null }]
    const found = fit({ ...input, antennas })
    expect([...found.order]).toEqual([0, 1, 2, 3, 4, 5])
    for (const e of errors(found, usual.places)) expect(Math.abs(e)).toBeLessThan(30)
  }
})

describe('with little to go by there is an answer without NaN', () => {
  const input = rowOf(usual, 1)
  const finite = ({ xMm, sigmaMm, pairs, depthMm }: RowFit) => {
    for (const v of [...xMm, ...sigmaMm, depthMm]) expect(v).toBeTypeOf('number')
    expect([...xMm, depthMm].every(Number.isFinite)).toBe(true)
    expect([...sigmaMm].every((s) => s > 0 && Number.isFinite(s))).toBe(true)
    expect(pairs.every((p) => Number.isFinite(p.deltaMm) && p.sigmaMm > 0)).toBe(true)
  }

  test('no tags', () => {
    const found = fit({ ...input, tags: [] })
    expect(found.order).toHaveLength(0)
    expect(found.pairs).toEqual([])
    expect(Number.isFinite(found.depthMm)).toBe(true)
  })

  test('one tag', () => {
    const found = fit({ ...input, tags: input.tags.slice(2, 3) })
    finite(found)
    expect(Math.abs((found.xMm[0] as number) - 410)).toBeLessThan(40)
  })

  test('one sample a tag: a wide sigma', () => {
    const found = fit({ ...input, tags: input.tags.map((t) => mapped(t, [8])) })
    finite(found)
    for (const s of found.sigmaMm) expect(s).toBeGreaterThan(50)
  })

  test('no phase: the loudest place, and a wide sigma', () => {
    const tags = input.tags.map((t) => ({ ...t, phase: t.phase.map(() => Number.NaN) }))
    const found = fit({ ...input, tags })
    finite(found)
    for (const e of errors(found, usual.places)) expect(Math.abs(e)).toBeLessThan(150)
    const { sigmaMm } = fit(input)
    for (const [i, s] of found.sigmaMm.entries()) expect(s).toBeGreaterThan(sigmaMm[i] as number)
  })

  test('a tag without a sample comes last, unknown', () => {
    const found = fit({ ...input, tags: [mapped(input.tags[0] as TagSamples, []), ...input.tags] })
    expect(found.xMm[0]).toBeNaN()
    expect(found.sigmaMm[0]).toBe(Number.POSITIVE_INFINITY)
    expect([...found.order]).toEqual([1, 2, 3, 4, 5, 6, 0])
  })

  test('a channel line that cannot be known', () => {
    const antennas = [{ upMm: 0, towardsMm: 0, lineRadPerMhz: null }]
    finite(fit({ ...input, antennas }))
  })
})
