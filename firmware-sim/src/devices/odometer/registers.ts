/** Input registers of the counter module: 0–1 pulses, 2–3 its own clock, high word first, both latched together. */
import type { Exception, Slave } from '../modbus/tcp-slave.ts'

export const ticksPerSecond = 10_000
const words = 4
const wrap = 2 ** 32

/** The 32-bit register of a number that goes on beyond it, or below zero. */
const register = (n: number) => ((Math.floor(n) % wrap) + wrap) % wrap
const halves = (n: number) => [register(n) >>> 16, register(n) & 0xffff]

export interface Latched {
  readonly pulses: number
  readonly ticks: number
}

export const odometerSlave = (latch: () => Latched): Slave => ({
  readInput(address, count): number[] | Exception {
    if (address + count > words) return { exception: 2 }
    const { pulses, ticks } = latch()
    return [...halves(pulses), ...halves(ticks)].slice(address, address + count)
  },
})
