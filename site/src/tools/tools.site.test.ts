import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createReadStream, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { standalones } from '@lantai/firmware-sim'
import { checkDevices, decoders } from '@lantai/gateway'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../supervise/node-process.ts'
import { tempDir } from '../testing.ts'

interface Ended {
  code: number | null
  lines: Record<string, unknown>[]
  out: string
  err: string
}

function start(
  tool: string,
  args: readonly string[],
  flags: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
) {
  const all = [...flags, '--conditions=source', `${repositoryRoot}${tool}`, ...args]
  const child = spawn(process.execPath, all, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    err += text
  })
  const lines = createInterface({ input: child.stdout })
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => {
      const json = out.split('\n').filter((l) => l.startsWith('{'))
      resolve({ code, out, err, lines: json.map((l) => JSON.parse(l)) })
    }),
  )
  const firstLine = new Promise<string>((resolve) => lines.once('line', resolve))
  return { child, ended, firstLine }
}
async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `${port}`
}
const sim = 'firmware-sim/src/sim-main.ts'
const decode = 'site/src/tools/decode.ts'
const discover = 'site/src/tools/discover.ts'
const vector = (name: string) => {
  const text = readFileSync(`${repositoryRoot}contracts/vectors/llrp.json`, 'utf8')
  const { messages } = JSON.parse(text) as { messages: { name: string; hex: string }[] }
  return messages.find((m) => m.name === name)?.hex ?? ''
}

test('sim: one line when it listens, with an entry that a gateway takes, and the end by Ctrl-C', async () => {
  const running = start(sim, ['llrp-reader'])
  const ready = JSON.parse(await running.firstLine)
  expect(ready).toMatchObject({ ready: true, device: 'llrp-reader', host: '127.0.0.1' })
  expect(checkDevices({ version: 1, devices: [ready.entry] })).toMatchObject({ ok: true })
  const found = start(discover, ['llrp', '127.0.0.1', '--port', String(ready.port)])
  expect((await found.ended).lines).toMatchObject([
    { protocol: 'llrp', port: ready.port, state: 'free', antennas: 1 },
  ])
  running.child.kill('SIGINT')
  expect((await running.ended).code).toBe(0)
})

test('sim and discover: units of a serial line', async () => {
  using dir = tempDir()
  const running = start(sim, ['modbus-air', '--path', join(dir.path, 'tty')])
  const { path } = JSON.parse(await running.firstLine) as { path: string }
  const found = await start(discover, ['modbus-rtu', path, '--units', '2-6']).ended
  expect(found.lines.map(({ unit }) => unit)).toEqual([2, 3, 4])
  running.child.kill('SIGINT')
  expect((await running.ended).code).toBe(0)
})

test('sim: with --port a device on a serial line is there: slaves as Modbus TCP, others as they speak', async () => {
  const air = start(sim, ['modbus-air', '--port', await freePort()])
  const { wire, port, entry } = JSON.parse(await air.firstLine)
  expect(wire).toBe('tcp')
  expect(checkDevices({ version: 1, devices: [entry] })).toMatchObject({ ok: true })
  expect(entry.line).toEqual({ transport: 'tcp', host: '127.0.0.1', port })
  const found = await start(discover, ['modbus-tcp', '127.0.0.1', '--port', port, '--units', '1-9'])
    .ended
  expect(found.lines.map(({ unit }) => unit)).toEqual([1, 2, 3, 4])
  air.child.kill('SIGINT')
  expect((await air.ended).code).toBe(0)
})

test('sim and discover: a unit that is not there is not found, though it shares the port of one that is', async () => {
  const running = start(sim, ['modbus-air-tcp'])
  const { port } = JSON.parse(await running.firstLine)
  const found = await start(discover, [
    'modbus-tcp',
    '127.0.0.1',
    '--port',
    `${port}`,
    '--units',
    '1-3',
  ]).ended
  expect(found.lines).toMatchObject([{ unit: 1, fc: 43, exception: 1 }])
  running.child.kill('SIGINT')
  expect((await running.ended).code).toBe(0)
})

test('sim: an OPC UA device that nobody can talk to says so', async () => {
  const running = start(sim, ['ahu-opcua'])
  await running.firstLine
  running.child.kill('SIGINT')
  expect(await running.ended).toMatchObject({ code: 0, err: expect.stringContaining('--trust') })
})

test.each([
  ['modbus-smoke', '000100000006FF0200000008', /^0001/],
  ['uhf-m100', 'BB0003000100047E', /^bb/],
  // A panel polls by itself, and may be in the middle of it: EOT, a station, ENQ.
  ['fire-espa', '', /^(04|31|32|05)/],
])('sim: %s behind --port says what it says', async (name, question, first) => {
  using dir = tempDir()
  const port = await freePort()
  const running = start(sim, [name, '--port', port, '--path', join(dir.path, 'tty')])
  expect(JSON.parse(await running.firstLine)).toMatchObject({ port: Number(port) })
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(Buffer.from(question, 'hex'))
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString('hex')).toMatch(first)
  socket.destroy()
  running.child.kill('SIGINT')
  expect((await running.ended).code).toBe(0)
})

test('sim: what keeps it from starting is told in one sentence, and no file of anybody is replaced', async () => {
  using dir = tempDir()
  const mine = join(dir.path, 'mine')
  writeFileSync(mine, 'mine')
  const replaced = await start(sim, ['modbus-air', '--path', mine]).ended
  expect([replaced.code, readFileSync(mine, 'utf8')]).toEqual([64, 'mine'])
  const nowhere = await start(sim, ['modbus-air', '--path', '/nowhere/tty']).ended
  expect([nowhere.code, nowhere.err]).toEqual([69, expect.stringContaining('/nowhere/tty')])
  const taken = createSocket('udp4')
  taken.bind(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address()
  const second = await start(sim, ['shelving-mjj', '--port', `${port}`]).ended
  taken.close()
  expect([second.code, second.err]).toEqual([69, expect.stringContaining(`port ${port} is taken`)])
  for (const { err } of [replaced, nowhere, second]) expect(err.trim().split('\n')).toHaveLength(1)
  const help = await start(sim, ['--help']).ended
  expect([help.code, help.out]).toEqual([0, expect.stringContaining('llrp-reader')])
})

test('sim: a path through a file and a link of somebody are refused, and not looked at where a port is given', async () => {
  using dir = tempDir()
  const [mine, link] = [join(dir.path, 'mine'), join(dir.path, 'link')]
  writeFileSync(mine, 'mine')
  symlinkSync(mine, link)
  for (const path of [join(mine, 'tty'), link]) {
    const { code, err } = await start(sim, ['modbus-air', '--path', path]).ended
    expect([code, err.trim().split('\n')]).toEqual([64, [expect.stringContaining(path)]])
  }
  expect(readlinkSync(link)).toBe(mine)
  const uhf = await start(sim, ['uhf-m100', '--port', await freePort(), '--path', mine]).ended
  expect(uhf.code).toBe(64)
  for (const name of ['modbus-air', 'fire-espa']) {
    const behind = start(sim, [name, '--port', await freePort(), '--path', mine])
    expect(JSON.parse(await behind.firstLine)).toMatchObject({ ready: true, wire: 'tcp' })
    behind.child.kill('SIGINT')
    expect((await behind.ended).code).toBe(0)
    expect(readFileSync(mine, 'utf8')).toBe('mine')
  }
})

test('sim: a log level that there is not is refused', async () => {
  const { code, err } = await start(sim, ['llrp-reader'], [], { LOG_LEVEL: 'loud' }).ended
  expect([code, err]).toEqual([64, 'LOG_LEVEL=loud is no level\n'])
})

test('sim: what it does not know or must not do is refused with 64', async () => {
  const strange = await start(sim, ['toaster']).ended
  expect([strange.code, strange.err]).toEqual([64, expect.stringContaining('llrp-reader')])
  const secured = standalones.find((s) => s.secured)?.name ?? 'none'
  const open = await start(sim, [secured, '--allow-none', '--host', '0.0.0.0']).ended
  expect([open.code, open.err]).toEqual([64, expect.stringContaining('only on loopback')])
  const list = await start(sim, ['--list']).ended
  for (const { name } of standalones) expect(list.out).toContain(`${name} `)
  expect(list.code).toBe(0)
})

test('every simulated device comes with an entry that a gateway takes', () => {
  for (const s of standalones) {
    const entry = s.entry({ host: '127.0.0.1', port: 4000, path: '/dev/ttyS1' })
    expect([s.name, checkDevices({ version: 1, devices: [entry] })]).toMatchObject([
      s.name,
      { ok: true },
    ])
  }
})

test('decode: every message, a line for what is none, and on; from a file, from stdin, from hexadecimal', async () => {
  using dir = tempDir()
  const good = vector('connection accepted')
  const file = join(dir.path, 'capture')
  writeFileSync(file, Buffer.from(`${good}FFFF${good}04`, 'hex'))
  const fromFile = await start(decode, ['llrp', file]).ended
  expect(fromFile.code).toBe(0)
  expect(fromFile.lines.filter((l) => 'message' in l)).toHaveLength(2)
  expect(fromFile.lines.filter((l) => 'error' in l).length).toBeGreaterThan(0)
  let at = 0
  for (const { offset, length } of fromFile.lines) {
    expect(offset).toBe(at)
    at += Number(length)
  }
  expect(at).toBe(good.length + 3)
  const fromStdin = start(decode, ['llrp', '-'])
  createReadStream(file).pipe(fromStdin.child.stdin)
  expect((await fromStdin.ended).out).toBe(fromFile.out)
  writeFileSync(`${file}.hex`, `${good}\nFF FF\n${good}04`)
  expect((await start(decode, ['llrp', `${file}.hex`, '--hex']).ended).out).toBe(fromFile.out)
})

test('decode: 64 for a wrong call, 66 for no such file, --list of the protocols', async () => {
  expect((await start(decode, ['morse', 'x']).ended).code).toBe(64)
  expect((await start(decode, ['llrp']).ended).code).toBe(64)
  expect((await start(decode, ['llrp', '/nowhere']).ended).code).toBe(66)
  const list = await start(decode, ['--list']).ended
  expect(list.out.trim().split('\n')).toEqual(Object.keys(decoders).sort())
})

test('decode: a long capture takes no more memory than a short one', async () => {
  using dir = tempDir()
  const file = join(dir.path, 'long')
  const one = Buffer.from(vector('connection accepted'), 'hex')
  const count = 300_000
  writeFileSync(file, Buffer.alloc(one.length * count, one))
  // 10 MB of capture and 90 MB of text through a heap of 64 MB, of which the programs themselves take half.
  const args = ['--max-old-space-size=64', '--conditions=source', `${repositoryRoot}${decode}`]
  const child = spawn(process.execPath, [...args, 'llrp', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let lines = 0
  for await (const chunk of child.stdout as AsyncIterable<Buffer>)
    for (const byte of chunk) if (byte === 0x0a) lines += 1
  expect([lines, child.signalCode]).toEqual([count, null])
})

test.each([
  ['site/torture/main.ts', ['drivers', 'example', 'nobody'], 'nobody'],
  ['site/torture/main.ts', ['drivers', '--rounds', '0'], '--rounds 0'],
  ['site/torture/main.ts', ['drivers', '--wat'], '--wat'],
  ['site/torture/main.ts', ['fuzz', '--parser', 'nobody'], 'decode-llrp'],
  ['site/torture/main.ts', ['fuzz', '--cases', 'many'], '--cases many'],
  ['site/torture/main.ts', ['fuzz', '--jobs', '0'], '--jobs 0'],
  ['site/src/tools/driver-check.ts', ['example', 'nobody'], 'nobody'],
  ['site/src/tools/driver-check.ts', ['example', '--only', 'nothing'], 'bad checksum'],
])(
  '%s %j: what would examine less than it was asked to is refused with 64',
  async (tool, args, why) => {
    const { code, err } = await start(tool, args).ended
    expect([code, err]).toEqual([64, expect.stringContaining(why)])
    expect(err.trim().split('\n')).toHaveLength(1)
  },
)

test.each([decode, discover, 'site/src/tools/driver-check.ts'])('%s --help', async (tool) => {
  const { code, out } = await start(tool, ['--help']).ended
  expect([code, out]).toEqual([0, expect.stringContaining('npm run ')])
})

test('discover: a range that is too large, or no range, is refused with 64', async () => {
  for (const range of ['10.0.0.0/16', 'everything', '0.0.0.0/0'])
    expect((await start(discover, ['llrp', range]).ended).code).toBe(64)
  expect((await start(discover, ['modbus-tcp', '127.0.0.1', '--units', '0-9']).ended).code).toBe(64)
})
