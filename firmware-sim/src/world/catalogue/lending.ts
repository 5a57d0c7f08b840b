/** Borrowers with cards, and the loans that are open on the first day. */
import { type CatalogueLine, clears, type SecrecyLevel } from '@lantai/contracts'
import type { Rng } from '../rng.ts'
import type { StoreBox } from './boxes.ts'
import { personName } from './names.ts'
import { printedCode } from './numbers.ts'

type Borrower = CatalogueLine<'borrower'>
type Loan = CatalogueLine<'loan'>

const borrowerCount = 40
const loanCount = 25
const offices = [
  ...['贷款管理科', '归集管理科', '计划财务科', '稽核审计科', '法规科', '办公室', '信息技术科'],
  ...['岚山分中心', '莒县分中心', '五莲分中心'],
] as const
const outside = [
  '日照市审计局',
  '东港区人民法院',
  '日照市不动产登记中心',
  '日照市公安局经侦支队',
] as const
const dayMs = 86_400_000
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** `today` as `YYYY-MM-DD`. Some cards have run out; a few may see secret files. */
export function buildBorrowers(today: string, rng: Rng): Borrower[] {
  const now = Date.parse(`${today}T00:00:00Z`)
  return Array.from({ length: borrowerCount }, (_, i) => {
    const foreign = i % 8 === 7
    const clearance: SecrecyLevel = i === 0 ? 'confidential' : i % 9 === 4 ? 'secret' : 'internal'
    return {
      kind: 'borrower',
      card: printedCode('RC', (below) => rng.int(0, below - 1)),
      name: personName(rng, rng.chance(0.5)),
      unit: foreign ? rng.pick(outside) : rng.pick(offices),
      clearance: foreign && i > 20 ? 'open' : clearance,
      validUntil: day(now + (i % 10 === 6 ? -rng.int(10, 200) : rng.int(60, 700)) * dayMs),
    }
  })
}

/** Open loans, about a third of them overdue on `today`. Nobody holds what is above the card's clearance. */
export function buildLoans(
  today: string,
  boxes: readonly StoreBox[],
  secrecyOfBox: (index: number) => SecrecyLevel,
  borrowers: readonly Borrower[],
  rng: Rng,
): Loan[] {
  const now = Date.parse(`${today}T00:00:00Z`)
  const lent = new Set<number>()
  const loans: Loan[] = []
  while (loans.length < loanCount) {
    const index = rng.int(0, boxes.length - 1)
    const borrower = rng.pick(borrowers)
    if (lent.has(index) || borrower.validUntil < today) continue
    if (!clears(borrower.clearance, secrecyOfBox(index))) continue
    lent.add(index)
    const overdue = loans.length % 3 === 0
    const issued = now - rng.int(overdue ? 32 : 1, overdue ? 60 : 25) * dayMs
    loans.push({
      kind: 'loan',
      box: (boxes[index] as StoreBox).code,
      card: borrower.card,
      // Between 08:00 and 16:59 in Chinese time.
      issuedAt: new Date(issued + rng.int(0, 9 * 60 - 1) * 60_000).toISOString(),
      due: day(issued + 30 * dayMs),
    })
  }
  return loans
}
