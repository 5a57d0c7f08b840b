import { expect, test } from 'vitest'
import { measuredLine } from './channel-line.ts'
import { freeSpaceLine, freeSpaceRow } from './free-space.ts'
import { absentLine, hasRecordings, recordingsDir } from './recordings.ts'

test('the folder is a setting, beside the checkout where nothing is set', () => {
  expect(recordingsDir({ LANTAI_RF_DIR: '/somewhere/rf' })).toBe('/somewhere/rf')
  expect(recordingsDir({})).toMatch(/shared\/data\/rf$/)
})

test('where the recordings are not, a line says so and names the folder and the setting', () => {
  expect(hasRecordings('/nowhere/rf')).toBe(false)
  expect(absentLine('/nowhere/rf')).toMatch(/^SKIPPED: .*\/nowhere\/rf.*LANTAI_RF_DIR/)
})

test('the line of the cable is measured where every stop has all channels', () => {
  const rows = [freeSpaceRow([300, 420], 500), freeSpaceRow([250, 600], 700)]
  expect(measuredLine(rows)).toBeCloseTo(freeSpaceLine, 3)
})
