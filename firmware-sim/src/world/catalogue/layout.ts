/** The demo room: 981 m², four banks, 45 columns (domain, head). Millimetres, origin north-west. */
import type { LayoutBank, StackLayout } from '@lantai/contracts'

export const columnWidthMm = 900
export const aisleMm = 1000
export const shelfWidthMm = 600
export const sections = 5
export const shelves = 6

/** Eight transmitters over the banks, the walkway and the desk area. */
export const airSensors = [
  { id: 'th-1', label: '甲组西侧', xMm: 5_600, yMm: 3_500 },
  { id: 'th-2', label: '甲组东侧', xMm: 12_200, yMm: 3_500 },
  { id: 'th-3', label: '乙组西侧', xMm: 18_800, yMm: 3_500 },
  { id: 'th-4', label: '乙组东侧', xMm: 25_200, yMm: 3_500 },
  { id: 'th-5', label: '丙组西侧', xMm: 5_600, yMm: 17_900 },
  { id: 'th-6', label: '丙组东侧', xMm: 12_200, yMm: 17_900 },
  { id: 'th-7', label: '丁组中部', xMm: 22_000, yMm: 17_900 },
  { id: 'th-8', label: '借阅区', xMm: 36_400, yMm: 11_250 },
] as const

export const smokeDetectors = [
  { id: 'smoke-1', label: '北区烟感', xMm: 15_600, yMm: 8_200 },
  { id: 'smoke-2', label: '南区烟感', xMm: 15_600, yMm: 14_300 },
] as const

export const deskPoint = { xMm: 36_400, yMm: 7_600 }
export const gatePoint = { xMm: 42_400, yMm: 16_500 }

const bankPlan = [
  { bank: 'B1', label: '甲组', first: 1, count: 12, xMm: 3_000, yMm: 6_500, enterFrom: 'south' },
  { bank: 'B2', label: '乙组', first: 13, count: 11, xMm: 16_400, yMm: 6_500, enterFrom: 'south' },
  { bank: 'B3', label: '丙组', first: 24, count: 11, xMm: 3_000, yMm: 12_600, enterFrom: 'north' },
  { bank: 'B4', label: '丁组', first: 35, count: 11, xMm: 16_400, yMm: 12_600, enterFrom: 'north' },
] as const

const bankOf = (p: (typeof bankPlan)[number]): LayoutBank => ({
  bank: p.bank,
  label: p.label,
  room: 'R1',
  xMm: p.xMm,
  yMm: p.yMm,
  depthMm: 3_400,
  railMm: p.count * columnWidthMm + aisleMm,
  aisleMm,
  enterFrom: p.enterFrom,
  columns: Array.from({ length: p.count }, (_, i) => ({
    column: p.first + i,
    widthMm: columnWidthMm,
    fixed: i === 0,
    sections,
    shelves,
    shelfWidthMm,
  })),
})

/** The room's drawing. 43.6 m × 22.5 m = 981 m² exactly. */
export const demoLayout = (): StackLayout => ({
  version: 1,
  site: 'demo',
  siteLabel: '住房公积金档案库（演示）',
  rooms: [
    {
      room: 'R1',
      label: '一号库',
      areaM2: 981,
      widthMm: 43_600,
      heightMm: 22_500,
      shelvesFrom: 'bottom',
      doors: [
        {
          id: 'door-main',
          label: '库房门',
          xMm: 43_600,
          yMm: 16_500,
          widthMm: 1_800,
          wall: 'east',
        },
      ],
      fixtures: [
        { id: 'desk-1', kind: 'desk', label: '借阅台', ...deskPoint },
        { id: 'door-1', kind: 'gate', label: '安全门', ...gatePoint },
        ...airSensors.map((s) => ({ ...s, kind: 'air' as const })),
        ...smokeDetectors.map((s) => ({ ...s, kind: 'smoke' as const })),
      ],
    },
  ],
  banks: bankPlan.map(bankOf),
})
