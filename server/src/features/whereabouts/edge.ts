import type { ClockQuality } from '@lantai/contracts'
import type { Effect } from '../../ingest/effect.ts'
import type { Work } from '../../work.ts'
import { raiseServerCondition } from '../alarms/alarms.ts'
import { type Box, findBoxesByCode, findBoxesByEpc, rememberNumbered } from '../boxes/boxes.ts'
import { deviceLabels } from '../gateways/device-labels.ts'
import { isOnLoan } from '../lending/lending.ts'
import { isDoubtful } from '../retiming/rules.ts'
import type { Evidence } from './rules.ts'
import { addEvidence } from './whereabouts.ts'

type Sightings = Effect<'lantai.sighting.v1'>
type Passages = Effect<'lantai.passage.v1'>
type PassageItem = Passages['items'][number]

/**
 * Boxes by the EPCs of their tags. What the catalogue says of an EPC holds; only where it says nothing does the number
 * that a tag bears by a profile of the archive's own (docs/epc.md).
 */
async function boxesOfTags({ trx, site, items }: Sightings | Passages): Promise<Map<string, Box>> {
  const tags = items.map((i) => i.body)
  const boxes = await findBoxesByEpc(trx, site, [...new Set(tags.map((t) => t.epc))])
  const numbered = tags.flatMap(({ epc, box }) => (box && !boxes.has(epc) ? [{ epc, box }] : []))
  const byCode = await findBoxesByCode(trx, site, [...new Set(numbered.map((t) => t.box))])
  const named = new Map<string, Box>()
  for (const { epc, box } of numbered) {
    const found = byCode.get(box)
    if (found) named.set(epc, found)
  }
  await rememberNumbered(trx, site, named)
  for (const [epc, box] of named) boxes.set(epc, box)
  return boxes
}

/** Tags that a fixed reader saw: evidence for boxes that are ours, and what lies on the desk now for its screen. */
export async function applySightings(effect: Sightings): Promise<void> {
  const boxes = await boxesOfTags(effect)
  const labels = await deviceLabels(effect.trx, effect.site, effect.gateway)
  const seen = effect.items.flatMap((i): Evidence[] => {
    const box = boxes.get(i.body.epc)
    const { reader, last } = i.body
    const placeLabel = labels.get(reader) ?? reader
    return box
      ? [
          {
            boxId: box.id,
            kind: 'sighting',
            at: new Date(last),
            by: reader,
            place: null,
            placeLabel,
            record: recordOf(effect, i),
          },
        ]
      : []
  })
  await addEvidence(effect, seen)
  showDesk(effect, boxes)
}

/** Named only where its time may be corrected one day. */
const recordOf = (
  { gateway, epoch }: Sightings | Passages,
  i: { seq: string; clock: ClockQuality },
): Evidence['record'] => (isDoubtful(i) ? { gateway, epoch, seq: i.seq } : undefined)

const isDesk = (reader: string) => reader.startsWith('desk')

function showDesk(effect: Sightings, boxes: Map<string, Box>) {
  for (const { body } of effect.items.filter((i) => isDesk(i.body.reader)))
    effect.live.add('desk', {
      reader: body.reader,
      epc: body.epc,
      box: boxes.get(body.epc)?.code ?? null,
      card: null,
      at: body.last,
      present: body.departed !== true,
    })
}

/**
 * Boxes carried through a gate. A lent box passes in silence; one without a loan raises an alarm. Only the server
 * knows the loans, so only it can judge (architecture 3). Tags that are no box of ours say nothing.
 */
export async function applyPassages(effect: Passages): Promise<void> {
  const boxes = await boxesOfTags(effect)
  const ours = effect.items.flatMap((item) => {
    const box = boxes.get(item.body.epc)
    return box ? [{ item, box }] : []
  })
  if (ours.length === 0) return
  const labels = await deviceLabels(effect.trx, effect.site, effect.gateway)
  const labelOf = (gate: string) => labels.get(gate) ?? gate
  await addEvidence(
    effect,
    ours.map(({ item, box }) => ({
      ...passageEvidence(item, box, labelOf(item.body.gate)),
      record: recordOf(effect, item),
    })),
  )
  const lent = await isOnLoan(effect.trx, effect.site, [...new Set(ours.map((o) => o.box.id))])
  for (const { item, box } of ours) {
    recordPassage(effect, item, box)
    await judgeAtDoor(effect, item, box, lent.has(box.id), labelOf(item.body.gate))
  }
}

const passageEvidence = ({ at, body }: PassageItem, box: Box, label: string): Evidence => ({
  boxId: box.id,
  kind: 'passage',
  at,
  by: body.gate,
  place: null,
  placeLabel: label,
})

function recordPassage(effect: Passages, { at, seq, body }: PassageItem, box: Box) {
  effect.ledger.add({
    event: 'box.passage',
    at,
    box: box.code,
    actor: { name: body.gate },
    outcome: 'observed',
    detail: body.direction,
    object: { gateway: effect.gateway, seq, epc: body.epc, tid: body.tid ?? null },
  })
}

/** Coming in ends the alarm. A direction that the antennas did not prove still tells, one step less loudly. */
async function judgeAtDoor(
  work: Work,
  { body }: PassageItem,
  box: Box,
  lent: boolean,
  label: string,
) {
  const where = { room: null, bank: null, device: body.gate, box: box.code, label }
  const condition = { key: `unlent-at-door/${box.code}`, kind: 'unlentAtDoor', where } as const
  const inside = body.direction === 'in' || lent
  const priority = body.direction === 'unknown' ? 2 : 1
  await raiseServerCondition(work, { ...condition, priority, active: !inside })
}
