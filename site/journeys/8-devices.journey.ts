/**
 * Journey 8: a device is added from the dashboard while everything runs: tried out first, then sent with a reason; it
 * speaks, the others were not disturbed, and the way back is there. A fire contact is not lost by mistake.
 */
import { DeviceHost, standalones } from '@lantai/firmware-sim'
import { pino } from 'pino'
import { expect } from 'vitest'
import { systemClock } from '../src/system-clock.ts'
import { journey, Stage, type Visitor } from './harness.ts'
import { pictures } from './support/pictures.ts'

const label = '临时温湿度'

/** One more transmitter that somebody has put up, somewhere on the network. */
async function newTransmitter() {
  const kind = standalones.find((s) => s.name === 'modbus-air-tcp')
  if (!kind) throw new Error('no such device')
  let port = 0
  const options = { port: 0, path: '', seed: 'journey-8', trust: [], allowNone: true }
  const host = new DeviceHost({
    id: kind.name,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    spec: () => kind.spec(options),
    onReady: (ready) => {
      port = ready.port ?? 0
    },
    onState: () => undefined,
    onDown: () => undefined,
  })
  await host.start()
  for (const message of kind.first) await host.send(message)
  return { port, [Symbol.asyncDispose]: () => host.stop() }
}

const row = (v: Visitor, device: string) => v.page.locator(`tr[data-device=${device}]`)
const isOnline = (v: Visitor, device: string) =>
  v.page.locator(`tr[data-device=${device}][data-state=online]`).waitFor()
const press = (v: Visitor, name: string) =>
  v.page.getByRole('button', { name, exact: true }).click()

async function fillIn(v: Visitor, port: number) {
  const field = (name: string, at = 0) => v.page.getByLabel(name).nth(at)
  await v.page.getByLabel('设备类型').selectOption({ label: 'Modbus 温湿度' })
  await field('编号').fill('air-9')
  await field('名称').fill(label)
  await field('模拟设备').check()
  await field('连接方式').selectOption({ label: 'TCP' })
  await field('地址').fill('127.0.0.1')
  await field('端口').fill(String(port))
  await field('型号').selectOption('xy-md02')
  await field('周期 ms').fill('1000')
  // The one point that a form begins with.
  await field('编号', 1).fill('th-9')
  await field('名称', 1).fill('临时点')
  await field('库房').fill('R1')
  await field('横向位置（毫米）').fill('9000')
  await field('纵向位置（毫米）').fill('5000')
  await field('从站地址').fill('1')
  for (const [i, [low, high, band]] of [
    ['14', '24', '0.5'],
    ['45', '60', '2'],
  ].entries()) {
    await field('下限', i).fill(low ?? '')
    await field('上限', i).fill(high ?? '')
    await field('回差', i).fill(band ?? '')
  }
  await field('报警延时（毫秒）').fill('0')
  await field('恢复延时（毫秒）').fill('0')
}

async function tryOut(v: Visitor) {
  await press(v, '试连')
  await v.page.locator('[data-verdict=spoke]').waitFor()
  await v.picture('devices-trial-zh-light')
  // Nothing of the trial runs or was recorded.
  expect(await row(v, 'air-9').count()).toBe(0)
}

async function send(v: Visitor, reason: string, act: string) {
  await v.page.getByLabel('修改原因').fill(reason)
  await v.page.locator('.change-form').getByRole('button', { name: act, exact: true }).click()
}

journey(
  '8: a device is added, tried, taken back from the dashboard, and nothing else notices',
  async () => {
    await using stage = await Stage.open()
    await using transmitter = await newTransmitter()
    const officer = await stage.person('system')
    await stage.site.settled()
    const gateway = stage.site.pid('gateway')
    await officer.page.goto('/settings?show=devices')
    for (const device of ['air-1', 'contacts-1', 'desk-1', 'shelf-b4'])
      await isOnline(officer, device)
    await pictures(officer, 'devices-zh')

    await press(officer, '添加设备')
    await fillIn(officer, transmitter.port)
    await tryOut(officer)
    await send(officer, '西侧补一个点', '提交给网关')
    await isOnline(officer, 'air-9')
    await row(officer, 'air-9').getByText('温湿度 1 点').waitFor()
    await officer.picture('devices-added-zh-light')

    // The same gateway goes on, and its other devices were never away.
    expect(stage.site.pid('gateway')).toBe(gateway)
    const alarms = await (await stage.person('archivist')).api('/api/alarms?show=history')
    expect(JSON.stringify(alarms.body)).not.toContain('deviceOffline')

    // The fire contacts cannot be lost by mistake.
    await row(officer, 'contacts-1').getByRole('button').click()
    await press(officer, '移除')
    await send(officer, '误操作', '移除')
    await officer.page.getByText('消防触点').first().waitFor()
    await press(officer, '取消')
    await isOnline(officer, 'contacts-1')

    // The way back: the version before is wanted again, and the new device is gone.
    await officer.page.getByRole('link', { name: '设备清单版本' }).click()
    await officer.page.locator('tr[data-version]').nth(1).getByRole('button').click()
    await officer.page.locator('.differences').getByText('air-9').waitFor()
    await officer.picture('devices-versions-zh-light')
    await press(officer, '恢复为这个版本')
    await send(officer, '测试完毕', '恢复为这个版本')
    await officer.page.locator('tr[data-version]').nth(2).waitFor()
    await officer.page.getByRole('link', { name: '设备', exact: true }).click()
    await row(officer, 'air-9').waitFor({ state: 'detached' })
    await isOnline(officer, 'air-1')
  },
)
