import { hex } from './hex.ts'
import { findAll, type Parameter, param } from './parameters.ts'
import { ourROSpec } from './rospec.ts'

/** The one that we add; all others are deleted at start-up. */
export const ourAccessSpec = 1
const tidOperation = 1
const epcBank = 1
const tidBank = 2
const gen2 = 1
const noPassword = 0
const success = 0

/** Reads the first words of the TID of every tag that our ROSpec sees, for readers without a way of their own. */
export const tidAccessSpec = (words: number): Parameter<'AccessSpec'> =>
  param(
    'AccessSpec',
    {
      id: ourAccessSpec,
      antenna: 0,
      protocol: gen2,
      flags: { active: false },
      roSpecId: ourROSpec,
    },
    [
      param('AccessSpecStopTrigger', { type: 0, operations: 0 }),
      param('AccessCommand', {}, [
        param('C1G2TagSpec', {}, [
          param('C1G2TargetTag', {
            flags: { bank: epcBank, match: true },
            pointer: 0,
            mask: everyTag,
            data: everyTag,
          }),
        ]),
        param('C1G2Read', {
          opSpecId: tidOperation,
          password: noPassword,
          flags: { bank: tidBank },
          pointer: 0,
          words,
        }),
      ]),
      param('AccessReportSpec', { trigger: 0 }),
    ],
  )

/** A mask without bits fits every tag. */
const everyTag = { bits: 0, bytes: new Uint8Array(0) }

/** The TID that our operation read; undefined where it did not succeed. */
export function tidRead(report: readonly Parameter[]): string | undefined {
  const ours = findAll(report, 'C1G2ReadOpSpecResult').find(
    ({ values }) => values.opSpecId === tidOperation && values.result === success,
  )
  return ours && ours.values.data.length > 0 ? hex(ours.values.data) : undefined
}
