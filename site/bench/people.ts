/** What people do while something is measured. */
import type { AlarmView } from '@lantai/contracts'
import type { Stage } from '../journeys/stage.ts'
import type { AlarmPage } from './alarm-latency.ts'

/** Somebody of facilities has the alarm list open. */
export async function openAlarms(stage: Stage): Promise<Omit<AlarmPage, 'site'>> {
  const person = await stage.person('facilities')
  await person.page.goto('/alarms')
  await person.page.locator('main').waitFor()
  const open = async () =>
    ((await person.api('/api/alarms?show=open')).body as { alarms: AlarmView[] }).alarms
  return {
    page: person.page,
    selector: 'tr[data-kind="fireLinkLost"][data-state="unacknowledged"]',
    async clear() {
      for (;;) {
        const alarm = (await open()).find((a) => a.kind === 'fireLinkLost')
        if (!alarm) return
        if (!alarm.active && alarm.state !== 'closed')
          await person.api(`/api/alarms/${alarm.id}/ack`, { method: 'POST', body: {} })
      }
    },
  }
}

/** An archivist walks through the screens, searches and opens boxes, `rounds` times. */
export async function tour(stage: Stage, rounds: number): Promise<void> {
  const person = await stage.person('archivist')
  const { page } = person
  for (let i = 0; i < rounds; i++) {
    for (const path of [
      '/',
      `/stacks/R1?at=${1 + (i % 20)}B-2-3-1`,
      '/desk',
      '/alarms',
      '/settings',
    ]) {
      await page.goto(path)
      await page.waitForLoadState('networkidle')
    }
    for (const q of ['购买', '东港', 'zw', '张'])
      await person.api('/api/search', { method: 'POST', body: { q } })
  }
}
