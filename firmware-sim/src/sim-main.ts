/**
 * `npm run sim -- DEVICE --port N`: one simulated device alone, so that somebody else's client can talk to it. Prints
 * one JSON line when it listens; Ctrl-C ends it. Exit codes: 64 for a wrong call, 69 for a port that is not to be had.
 */
import { lstatSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import pino from 'pino'
import { DeviceHost } from './devices/host.ts'
import { isLoopback } from './devices/listen-host.ts'
import { type Standalone, type StandaloneOptions, standalones } from './devices/standalone.ts'
import { systemClock as clock, ms } from './system-clock.ts'

const againEveryMs = 500
const usage = 64
const unavailable = 69

function refuse(code: number, text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(code)
}

const help = `npm run sim -- DEVICE [--port N | --path LINK] [--host H] [--seed S] [--trust PEM …] [--allow-none]`

const listing = () =>
  standalones.map((s) => `${s.name.padEnd(24)} ${s.wire.padEnd(5)} ${s.about}`).join('\n')

function readCommand() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        port: { type: 'string', default: '0' },
        host: { type: 'string', default: '127.0.0.1' },
        path: { type: 'string', default: join(process.cwd(), 'tty-sim') },
        seed: { type: 'string', default: 'lantai' },
        trust: { type: 'string', multiple: true, default: [] },
        'allow-none': { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    return refuse(usage, error instanceof Error ? error.message : String(error))
  }
}

interface Wanted {
  readonly device: Standalone
  readonly host: string
  readonly options: StandaloneOptions
}

function wanted({ values, positionals }: ReturnType<typeof readCommand>): Wanted {
  const [name, ...more] = positionals
  const device = standalones.find((s) => s.name === name)
  if (!device || more.length > 0)
    refuse(usage, `没有这个设备 · there are these devices:\n${listing()}`)
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    refuse(usage, `--port ${values.port} is no port`)
  const secured = values.trust.length > 0 || values['allow-none']
  if (secured && !device.secured)
    refuse(usage, `${device.name} is not secured: no --trust, no --allow-none`)
  if (values['allow-none'] && !isLoopback(values.host))
    refuse(usage, `--allow-none lets in anybody: only on loopback, not on ${values.host}`)
  const { seed, path, host } = values
  // Behind a port only a UHF module has its pty as well.
  if (device.wire === 'pty' && (port === 0 || device.name.startsWith('uhf-'))) checkLink(path)
  const { LOG_LEVEL = 'warn' } = process.env
  if (!Object.hasOwn(pino.levels.values, LOG_LEVEL) && LOG_LEVEL !== 'silent')
    refuse(usage, `LOG_LEVEL=${LOG_LEVEL} is no level`)
  return {
    device,
    host,
    options: { port, path, seed, trust: values.trust.map(pem), allowNone: values['allow-none'] },
  }
}

/** Only a link that a pty left may be replaced. */
function checkLink(path: string): void {
  try {
    const there = lstatSync(path, { throwIfNoEntry: false })
    if (!there || (there.isSymbolicLink() && readlinkSync(path).startsWith('/dev/pts/'))) return
  } catch (error) {
    refuse(usage, `--path ${path}: ${error instanceof Error ? error.message : error}`)
  }
  refuse(usage, `--path ${path} is there already, and no link that may be replaced`)
}

function pem(file: string): string {
  try {
    const text = readFileSync(file, 'utf8')
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text
    return refuse(usage, `${file} holds no certificate in PEM`)
  } catch (error) {
    return refuse(66, `${file}: ${error instanceof Error ? error.message : error}`)
  }
}

async function run({ device, host, options }: Wanted): Promise<void> {
  // Where a worker listens; it is started with our environment.
  Object.assign(process.env, { SIM_HOST: host })
  const { LOG_LEVEL = 'warn' } = process.env
  // Why it did not start is told in one sentence; the log begins when it runs.
  const log = pino({ level: 'silent', base: { process: 'sim' } }, pino.destination(2))
  const running = new DeviceHost({
    id: device.name,
    clock,
    log,
    spec: () => device.spec(options),
    onReady: (ready) => void tell(ready).catch((err: unknown) => log.warn({ err }, 'not told')),
    onState: () => undefined,
    onDown: () => undefined,
  })
  async function tell({ port = 0, path = '' }: { port?: number; path?: string }) {
    if (options.port !== 0 && port !== 0 && port !== options.port) {
      await running.stop()
      refuse(unavailable, `端口被占用 · port ${options.port} is taken`)
    }
    log.level = LOG_LEVEL
    // A device of a broker listens nowhere itself.
    const at = { host, port: port === 0 && path === '' ? options.port : port, path }
    for (const message of device.first) await running.send(message)
    const ready = {
      ready: true,
      device: device.name,
      wire: device.wire === 'pty' && path === '' ? 'tcp' : device.wire,
      ...at,
      entry: device.entry(at),
    }
    process.stdout.write(`${JSON.stringify(ready)}\n`)
    if (isShut(device, options))
      process.stderr.write('谁也连不上 · lets in nobody yet: --trust PEM, or --allow-none\n')
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
    process.once(signal, () => void running.stop().finally(() => process.exit(0)))
  // A second Ctrl-C, as npm passes on beside the terminal's own, must not end us in the middle.
  process.on('SIGINT', () => undefined)
  await running.start().catch((error: unknown) => refuse(unavailable, whyNot(error, options.port)))
  keepHappening(device, running)
}

/** An OPC UA server without a client that it trusts. A reader over TLS lets in everybody then, as its listing says. */
const isShut = (device: Standalone, { trust, allowNone, ...rest }: StandaloneOptions) =>
  trust.length === 0 &&
  !allowNone &&
  device.spec({ trust, allowNone, ...rest }).kind.startsWith('opcua-')

/** What the worker ended of, which stands behind the word that it ended. */
function whyNot(error: unknown, port: number): string {
  const { cause = error } = error as { cause?: unknown }
  if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE')
    return `端口被占用 · port ${port} is taken`
  return cause instanceof Error ? cause.message : String(cause)
}

function keepHappening(device: Standalone, running: DeviceHost) {
  if (!device.again) return
  const turn = (n: number) => {
    const message = device.again?.(n)
    if (message && running.up) running.send(message).catch(() => undefined)
    clock.after(ms(againEveryMs), () => turn(n + 1))
  }
  turn(0)
}

const command = readCommand()
if (command.values.help) process.stdout.write(`${help}\n\n${listing()}\n`)
else if (command.values.list) process.stdout.write(`${listing()}\n`)
else await run(wanted(command))
