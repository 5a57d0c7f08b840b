import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RunningSim } from '../testing/running-sim.ts'
import { run, withPeer } from './peer.ts'

withPeer('mbpoll', 'mbpoll', () => {
  const sim = new RunningSim()
  beforeAll(async () => {
    await sim.start()
    await sim.act('air', { sensor: 'th-1', temperature: 21.5, humidity: 52.3 })
    await sim.act('air', { sensor: 'th-8', temperature: -4.2, humidity: 99.9 })
    await sim.idle()
  })
  afterAll(() => sim.dispose())

  /** `[1]: \t215` lines as numbers by address. */
  const poll = async (args: string[]): Promise<Record<string, number>> => {
    const { stdout } = await run('mbpoll', args)
    const values = stdout.matchAll(/^\[(\d+)\]:\s*(-?\d+)/gm)
    return Object.fromEntries([...values].map(([, at, value]) => [at, Number(value)]))
  }
  const serial = (unit: number, type: string, from: number, count: number) => {
    const { line } = sim.device('modbus-air')
    const path = line.transport === 'rtu' ? line.path : ''
    const where = ['-m', 'rtu', '-b', '9600', '-P', 'none', '-a', `${unit}`, '-o', '2']
    return poll([...where, '-t', type, '-0', '-r', `${from}`, '-c', `${count}`, '-1', path])
  }
  const tcp = (id: string, type: string, from: number, count: number) => {
    const { line } = sim.device(id.startsWith('shelf') ? 'modbus-shelving' : 'modbus-contacts', id)
    const port = line.transport === 'tcp' ? line.port : 0
    const where = ['-m', 'tcp', '-p', `${port}`, '-a', '1', '-t', type, '-0']
    return poll([...where, '-r', `${from}`, '-c', `${count}`, '-1', '127.0.0.1'])
  }

  it('reads transmitters on the multi-drop line over the pty', async () => {
    expect(await serial(1, '3', 1, 2)).toEqual({ 1: 215, 2: 523 })
    expect(await serial(8, '3', 1, 2)).toEqual({ 1: 65_536 - 42, 2: 999 })
    expect(await serial(8, '4', 0x101, 1)).toEqual({ 257: 8 })
  })

  it('times out on a unit that is not on the line', async () => {
    await expect(serial(77, '3', 1, 2)).rejects.toThrow(/timed out/i)
  })

  it('reads the status of a shelving controller', async () => {
    expect(await tcp('shelf-b4', '4', 0, 2)).toEqual({ 0: 0x4c54, 1: 2 })
    const status = await tcp('shelf-b4', '4', 0x100, 6)
    expect(status).toMatchObject({ 256: 0x100, 257: 35, 258: 0, 261: 11 })
    expect(Object.values(await tcp('shelf-b4', '4', 0x110, 11))).toEqual([
      0, 1900, 2800, 3700, 4600, 5500, 6400, 7300, 8200, 9100, 10_000,
    ])
  })

  it('reads the contacts, closed while all is well', async () => {
    expect(await tcp('contacts-1', '1', 0, 4)).toEqual({ 0: 1, 1: 1, 2: 1, 3: 1 })
  })

  it('reads pulses and clock of the cart’s odometer as numbers of 32 bits', async () => {
    const { line } = sim.device('modbus-odometer')
    const port = line.transport === 'tcp' ? line.port : 0
    const where = ['-m', 'tcp', '-p', `${port}`, '-a', '1', '-t', '3:int', '-B', '-0']
    const look = () => poll([...where, '-r', '0', '-c', '2', '-1', '127.0.0.1'])
    const [first, second] = [await look(), await look()]
    // It has not been walked since power on, 500 pulses before its registers go round.
    expect([first[0], second[0]]).toEqual([-500, -500])
    expect(second[2]).toBeGreaterThan(first[2] ?? Number.POSITIVE_INFINITY)
  })

  it('is told of an illegal address', async () => {
    await expect(tcp('shelf-b4', '4', 0x200, 1)).rejects.toThrow(/illegal data address/i)
  })
})

/** One simulated device alone, as `npm run sim -- NAME` starts it. */
class Alone implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #where: string[]
  readonly #unit: string
  readonly #dir: string

  private constructor(child: ChildProcess, where: string[], unit: string, dir: string) {
    this.#dir = dir
    this.#child = child
    this.#where = where
    this.#unit = unit
  }
  static async start(name: string, unit: number): Promise<Alone> {
    const dir = mkdtempSync(join(tmpdir(), 'lantai-alone-'))
    const path = join(dir, 'tty')
    const main = new URL('../sim-main.ts', import.meta.url)
    const child = fork(main, [name, '--path', path], {
      execArgv: ['--conditions=source'],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    const [line] = (await once(child.stdout as Readable, 'data')) as [Buffer]
    const ready = JSON.parse(line.toString().split('\n')[0] ?? '') as { wire: string; port: number }
    const rtu = ['-m', 'rtu', '-b', '9600', '-P', 'none', '-o', '2']
    const where =
      ready.wire === 'pty' ? [...rtu, path] : ['-m', 'tcp', '-p', `${ready.port}`, '127.0.0.1']
    return new Alone(child, where, `${unit}`, dir)
  }
  /** One read; `type` is 0 coils, 1 inputs, 3 input registers, 4 holding registers. */
  async read(type: string, from: number, count: number): Promise<number[]> {
    const [target = '', ...options] = [...this.#where].reverse()
    const what = ['-a', this.#unit, '-t', type, '-0', '-r', `${from}`, '-c', `${count}`, '-1']
    const { stdout } = await run('mbpoll', [...options.reverse(), ...what, target])
    return [...stdout.matchAll(/^\[\d+\]:\s*(-?\d+)/gm)].map(([, value]) => Number(value))
  }
  /** Reads until the device shows this: what happens at it comes round every few seconds. */
  async shows(type: string, from: number, values: number[]): Promise<void> {
    while (JSON.stringify(await this.read(type, from, values.length)) !== JSON.stringify(values)) {
      // The next look takes its time by itself; the watchdog is the test's own.
    }
  }
  async [Symbol.asyncDispose]() {
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await ended
    rmSync(this.#dir, { recursive: true, force: true })
  }
}

withPeer('mbpoll', 'mbpoll', () => {
  it('reads an air transmitter over TCP', async () => {
    await using d = await Alone.start('modbus-air-tcp', 1)
    await d.shows('3', 1, [215, 523])
    expect(await d.read('4', 0x0101, 1)).toEqual([1])
  })

  it('reads a JXBS transmitter on a pty, humidity first', async () => {
    await using d = await Alone.start('modbus-air-jxbs', 1)
    await d.shows('4', 0, [523, 215])
  })

  it('reads four air transmitters on one pty', async () => {
    await using d = await Alone.start('modbus-air', 4)
    await d.shows('3', 1, [217, 521])
    expect(await d.read('4', 0x0101, 1)).toEqual([4])
  })

  // No modbus-smoke here: libmodbus refuses unit 255 on RTU. Its frames are held by models.test.ts.
  it.each([
    ['modbus-contacts', 1, '1', 0, [1, 1, 1, 1, 1, 1, 1, 1], null],
    ['modbus-aspirating', 1, '4', 0, [0, 0, 12, 7], [2, 0, 930, 7]],
    ['modbus-annunciator', 1, '4', 40_011, [64, 64, 64], [66, 64, 64]],
    ['modbus-water', 1, '4', 2, [1], [2]],
    ['modbus-door', 3, '1', 0, [1, 1], [0, 1]],
    ['modbus-dio', 1, '0', 0, [0, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0]],
  ] as const)('reads %s, normal and in alarm', async (name, unit, type, from, normal, alarm) => {
    await using d = await Alone.start(name, unit)
    if (alarm) await d.shows(type, from, [...alarm])
    await d.shows(type, from, [...normal])
  })
})
