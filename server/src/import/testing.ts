/** A store small enough to know by heart, for `*.db.test.ts`. It comes in through the import, as every store does. */
import type {
  CatalogueLine,
  LayoutBank,
  ResponseOf,
  Role,
  Route,
  SecrecyLevel,
  StackLayout,
} from '@lantai/contracts'
import { checkCharacter } from '@lantai/contracts'
import type { FastifyInstance } from 'fastify'
import { createApp } from '../app.ts'
import { createPool } from '../db/pool.ts'
import { cookieFor } from '../features/people/testing.ts'
import { createTestContext, type TestContext } from '../testing.ts'
import { loadCatalogue } from './load.ts'
import type { CatalogueParser } from './parse.ts'

const withCheck = (text: string) => text + checkCharacter(text)
/** The n-th box of the sample. */
export const boxCode = (n: number): string => withCheck(`LT${String(n).padStart(7, '0')}`)
export const cardCode = (n: number): string => withCheck(`RC${String(n).padStart(7, '0')}`)
export const boxEpc = (n: number): string =>
  `3403769E7CC04C0000${n.toString(16).toUpperCase().padStart(6, '0')}`

const column = (n: number, fixed: boolean): LayoutBank['columns'][number] => ({
  column: n,
  widthMm: 560,
  fixed,
  sections: 2,
  shelves: 3,
  shelfWidthMm: 300,
})
const bank = (n: number): LayoutBank => ({
  bank: `B${n}`,
  label: n === 1 ? '甲组' : '乙组',
  room: 'R1',
  xMm: 0,
  yMm: n * 5000,
  depthMm: 4000,
  railMm: 3000,
  aisleMm: 900,
  enterFrom: 'north',
  columns: [column(n * 2 - 1, true), column(n * 2, false)],
})
export const sampleLayout = (site: string): StackLayout => ({
  version: 1,
  site,
  siteLabel: '测试库',
  rooms: [
    {
      room: 'R1',
      label: '一号库',
      areaM2: 100,
      widthMm: 10_000,
      heightMm: 10_000,
      shelvesFrom: 'bottom',
      doors: [],
      fixtures: [
        { id: 'desk-1', kind: 'desk', label: '借阅台', xMm: 1, yMm: 2 },
        { id: 'th-1', kind: 'air', label: '西侧', xMm: 3, yMm: 4 },
      ],
    },
  ],
  banks: [bank(1), bank(2)],
})

type Line = CatalogueLine
const box = (n: number, home: string | null, counted: string | null): Line => ({
  kind: 'box',
  code: boxCode(n),
  epc: boxEpc(n),
  tid: `E2801160600002097D5F${n.toString(16).toUpperCase().padStart(4, '0')}`,
  spineMm: 40,
  home,
  lastCounted: counted,
})
const file = (
  n: number,
  inBox: number,
  title: string,
  secrecy: SecrecyLevel,
  subjects: string[],
  more: Partial<CatalogueLine<'file'>> = {},
): Line => ({
  kind: 'file',
  refCode: `J019-ZY·DK·2019·D30-0001-${String(n).padStart(3, '0')}`,
  fonds: 'J019',
  category: 'ZY·DK·2019·D30',
  box: boxCode(inBox),
  position: n,
  title,
  responsible: '住房公积金管理中心',
  date: `2019-0${(n % 9) + 1}-15`,
  pages: 10,
  retention: 'D30',
  secrecy,
  openness: '控制',
  subjects,
  ...more,
})
const borrower = (n: number, clearance: SecrecyLevel, validUntil: string): Line => ({
  kind: 'borrower',
  card: cardCode(n),
  name: `借阅人${n}`,
  unit: '法规科',
  clearance,
  validUntil,
})

/** Number of 张伟, who has three files: two internal in two categories, one confidential. */
export const zhangWei = '110101199003070011'
/** Number of 曾国华, of whom only a top secret file speaks. */
export const zengGuohua = '110101198001010022'
const counted = '2026-10-04T06:46:31.000Z'

/**
 * Boxes 1–4 stand on 1A-1-1 (4 is only known from the catalogue), 5 on 2B-1-1 is confidential, 6 has no place, 7 on
 * 3A-1-1 is lent to card 1 since October and overdue. Card 2 has expired, card 3 may have everything.
 */
export const sampleLines = (site: string): Line[] => [
  { kind: 'layout', layout: sampleLayout(site) },
  { kind: 'fonds', code: 'J019', title: '住房公积金管理中心', creator: '住房公积金管理中心' },
  { kind: 'category', fonds: 'J019', code: 'ZY·DK·2019·D30', title: '贷款', retention: 'D30' },
  { kind: 'category', fonds: 'J019', code: 'ZY·TQ·2019·D30', title: '提取', retention: 'D30' },
  ...[1, 2, 3].map((n) => box(n, `1A-1-1-${n}`, counted)),
  box(4, '1A-1-1-4', null),
  box(5, '2B-1-1-1', counted),
  box(6, null, null),
  box(7, '3A-1-1-1', counted),
  { kind: 'subject', key: 'p1', type: 'person', name: '张伟', number: zhangWei },
  { kind: 'subject', key: 'p2', type: 'person', name: '曾国华', number: zengGuohua },
  {
    kind: 'subject',
    key: 'u1',
    type: 'unit',
    name: '日照鼎新纺织有限公司',
    number: '91999999MA1000009M',
  },
  file(1, 1, '张伟购买天成新城小区商品住房个人住房公积金贷款档案', 'internal', ['p1']),
  file(2, 1, '日照鼎新纺织有限公司缴存登记', 'open', ['u1']),
  file(3, 2, '张伟提取住房公积金档案', 'internal', ['p1'], {
    category: 'ZY·TQ·2019·D30',
    refCode: 'J019-ZY·TQ·2019·D30-0001-003',
    date: '2018-01-05',
  }),
  file(4, 5, '张伟案件协查材料', 'confidential', ['p1']),
  file(5, 5, '曾国华专项核查', 'topSecret', ['p2']),
  file(6, 7, '天成新城小区项目合作协议', 'open', ['u1']),
  borrower(1, 'internal', '2027-12-31'),
  borrower(2, 'internal', '2026-11-21'),
  borrower(3, 'topSecret', '2027-12-31'),
  {
    kind: 'loan',
    box: boxCode(7),
    card: cardCode(1),
    issuedAt: '2026-10-06T07:50:00.000Z',
    due: '2026-11-05',
  },
]

export async function importLines(t: TestContext, lines: readonly object[]) {
  const pool = createPool(t.database.url, { max: 1, options: '-c role=lantai_owner' })
  try {
    const now = new Date(t.clock.now())
    const read = async (parser: CatalogueParser) => {
      for (const line of lines) parser.line(JSON.stringify(line))
      return { sha256: '00' }
    }
    return await loadCatalogue(pool, t.ctx.site, read, now)
  } finally {
    await pool.end()
  }
}

export interface Answer<R extends Route> {
  status: number
  /** Problem code; null when all went well. */
  code: string | null
  body: ResponseOf<R>
}
export interface Asked {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: object
}
/** Calls routes as one signed-in person. */
export type Caller = <R extends Route>(route: R, asked?: Asked) => Promise<Answer<R>>

export interface SampleStore extends AsyncDisposable {
  t: TestContext
  http: FastifyInstance
  as(roles: Role[], clearance?: SecrecyLevel): Promise<Caller>
}

/** The sample store behind the product's own front door. */
export async function sampleStore(site: string): Promise<SampleStore> {
  const t = await createTestContext(site)
  await importLines(t, sampleLines(site))
  const { http } = await createApp(t.ctx)
  const as = async (roles: Role[], clearance?: SecrecyLevel) =>
    callerOf(http, await cookieFor(t.ctx, roles, clearance))
  const dispose = async () => {
    await http.close()
    await t[Symbol.asyncDispose]()
  }
  return { t, http, as, [Symbol.asyncDispose]: dispose }
}

const callerOf =
  (http: FastifyInstance, cookie: string): Caller =>
  async <R extends Route>(route: R, { params = {}, query = {}, body }: Asked = {}) => {
    const path = route.path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? '')
    const answer = await http.inject({
      method: route.method,
      url: path,
      query,
      headers: { cookie, origin: 'http://localhost:8080' },
      ...(body ? { payload: body } : {}),
    })
    const json = answer.json() as ResponseOf<R> & { code?: string }
    return {
      status: answer.statusCode,
      code: answer.statusCode < 400 ? null : (json.code ?? ''),
      body: json as ResponseOf<R>,
    }
  }
