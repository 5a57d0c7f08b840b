/** `npm start`: the demo store at LANTAI_PORT, its data in LANTAI_DATA_DIR. */
import { Type } from 'typebox'
import { authorityName, driverSecret, driverUser } from './broker/vendor-place.ts'
import { configOrExit } from './config.ts'
import { defaultDataDir } from './data/data-dir.ts'
import { Refusal } from './refusal.ts'
import { Site } from './site.ts'

const config = configOrExit(
  Type.Object({
    LANTAI_PORT: Type.Integer({ minimum: 1, maximum: 65_535, default: 8080 }),
    LANTAI_DATA_DIR: Type.String({ minLength: 1, default: defaultDataDir() }),
    /** Where devices of other makers reach our broker. */
    LANTAI_VENDOR_HOST: Type.String({ minLength: 1, default: '127.0.0.1' }),
    /** Further Origin of a page in development. */
    LANTAI_DEV_ORIGIN: Type.String({ default: '' }),
  }),
)

const began = performance.now()
const print = (text: string) => process.stdout.write(`${text}\n`)
const say = (zh: string, en: string) =>
  print(`[${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s] ${zh} · ${en}`)

const site = new Site({
  vendorHost: config.LANTAI_VENDOR_HOST,
  dataDir: config.LANTAI_DATA_DIR,
  port: config.LANTAI_PORT,
  origins: config.LANTAI_DEV_ORIGIN ? [config.LANTAI_DEV_ORIGIN] : [],
  simulator: { SIM_AMBIENT: '1' },
  say,
})

/** What somebody needs for the entry of a device of another maker, and to set up those that are in the list. */
function tellVendors({ url, devices, files }: Site['vendor']) {
  print(`设备清单里可用的消息代理 · broker for devices of the list (docs/devices.md): ${url}`)
  const id = '<id>'
  print(`  ca ${authorityName}, user ${driverUser(id)}, password ${driverSecret(id)}`)
  for (const device of devices)
    print(`  vendor.${device} → vendor/${site.id}/${device}/…  ${files.password('vendor', device)}`)
}

let ending = false
async function end(code: number) {
  // Ctrl-C reaches us twice, from the terminal and from `run.mjs`.
  if (ending) return
  ending = true
  await site.stop()
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (!ending) say('正在停止', 'stopping')
    void end(0)
  })
// The terminal may be gone while we are still ending the others.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => void end(1))

try {
  say(`数据目录 ${config.LANTAI_DATA_DIR}`, `data directory ${config.LANTAI_DATA_DIR}`)
  await site.start()
  print(`Lantai is ready: ${site.url}`)
  const names = site.accounts.map((a) => a.account).join(', ')
  print(`登录账号与密码 · accounts and passwords to sign in: ${site.accountsFile}`)
  print(`  ${names}`)
  tellVendors(site.vendor)
  print('按 Ctrl-C 停止 · Ctrl-C stops everything')
} catch (error) {
  if (!ending) {
    if (!(error instanceof Refusal)) throw error
    process.stderr.write(`兰台没有启动：${error.zh} · Lantai did not start: ${error.message}\n`)
    await end(1)
  }
}
