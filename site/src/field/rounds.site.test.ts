/** A reader that counts in rounds, from its air to the page of its health: what is called complete, and what is not. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../testing.ts'
import { OfficerSite } from './officer-site.ts'

const id = 'count-1'
let stand: OfficerSite
const health = () => stand.health(id)

/** The reader as it counts from now on; resolves when its gateway runs it so. */
async function count(rounds: object) {
  const made = await stand.put(stand.entry({ id, label: '盘点读写器', rounds }))
  expect(made.status).toBe(200)
  await until(async () => (await stand.devices()).config.reportedVersion === made.body.version)
  await until(async () => (await health())?.state === 'online')
}

beforeAll(async () => {
  stand = await OfficerSite.open('llrp-zebra', id)
})
afterAll(async () => {
  await stand?.[Symbol.asyncDispose]()
})

test('a round that was heard whole stands in the health of its reader, with all its tags', async () => {
  await count({ everySeconds: 1, quietMs: 200, longestMs: 800 })
  await until(async () => ((await health())?.rounds?.complete ?? 0) >= 3)
  const rounds = (await health())?.rounds
  expect(rounds).toMatchObject({ incompleteNow: null, lastComplete: { tags: 4, antennas: [1] } })
})

test('one in which reads and the link are lost stands beside it with its reasons, and is not taken for complete', async () => {
  await count({ everySeconds: 3600, quietMs: 60_000, longestMs: 3_600_000 })
  // The change may have cut off a round, and others may be on their way.
  await stand.site.settled()
  const before = (await health())?.rounds?.lastComplete
  await stand.device.send({ type: 'fault', fault: { kind: 'overflow' } })
  await until(async () => ((await health())?.blind?.last.reason ?? '') === 'reader-overflow')
  await stand.device.kill(500)
  const now = async () => (await health())?.rounds?.incompleteNow?.troubles ?? []
  await until(async () => (await now()).includes('link-lost'))
  expect(await now()).toContain('overflow')
  expect((await health())?.rounds?.lastComplete).toEqual(before)
})
