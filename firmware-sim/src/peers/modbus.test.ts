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
    expect(await tcp('shelf-b4', '4', 0, 2)).toEqual({ 0: 0x4c54, 1: 1 })
    const status = await tcp('shelf-b4', '4', 0x100, 6)
    expect(status).toMatchObject({ 256: 0x100, 257: 35, 258: 0, 261: 11 })
    expect(Object.values(await tcp('shelf-b4', '4', 0x110, 11))).toEqual([
      0, 1900, 2800, 3700, 4600, 5500, 6400, 7300, 8200, 9100, 10_000,
    ])
  })

  it('reads the contacts, closed while all is well', async () => {
    expect(await tcp('contacts-1', '1', 0, 4)).toEqual({ 0: 1, 1: 1, 2: 1, 3: 1 })
  })

  it('is told of an illegal address', async () => {
    await expect(tcp('shelf-b4', '4', 0x200, 1)).rejects.toThrow(/illegal data address/i)
  })
})
