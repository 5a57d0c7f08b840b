import { millis } from '@lantai/contracts'
import type { Driver, DriverDeps, IdentifyAnswer } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import type { Connection } from '../link/connection.ts'
import { Health } from '../link/health.ts'
import { LinkLoop } from '../link/link-loop.ts'
import { systemIo } from '../link/system-io.ts'
import type { Family } from './family.ts'
import { openBySerialNumber } from './find-port.ts'
import type { SerialUhf } from './kind.ts'
import { illegal } from './limits.ts'
import { ModuleLine } from './module-line.ts'
import { profileOf } from './profiles.ts'

/** The port is there although the module says nothing: it is asked again before the port is opened anew. */
const againMs = 500
const silentTries = 5

interface SetUpFailed {
  why: string
  refused: boolean
}

/** One UHF module on a serial port. */
class SerialUhfDriver implements Driver {
  readonly #device: SerialUhf
  readonly #deps: DriverDeps
  readonly #family: Family
  readonly #bad: BadFrames
  readonly #health: Health
  readonly #loop: LinkLoop
  #line: ModuleLine | null = null
  #blindSinceMs: number | null = null

  constructor(device: SerialUhf, deps: DriverDeps, io: DriverIo) {
    // The device list was checked; power is radiated, so it is looked at once more where it is written.
    const wrong = illegal(device)
    if (wrong.length > 0) throw new Error(wrong.join('; '))
    this.#device = device
    this.#deps = deps
    this.#family = profileOf(device.family, device.endByte)
    this.#bad = new BadFrames(deps.clock, deps.log)
    this.#health = new Health(device.id, this.#bad, deps.emit)
    const settings = { baud: device.baud, parity: 'none' as const, stopBits: 1 as const }
    this.#loop = new LinkLoop({
      clock: deps.clock,
      open: device.serialNumber
        ? openBySerialNumber(io, device.serialNumber, settings)
        : io.serial({ ...settings, path: device.path }),
      random: io.random,
      serve: async (connection, up) => {
        await this.#serve(connection, up)
        return {}
      },
      down: (reason) => this.#health.tell({ state: 'offline', detail: reason }),
    })
  }

  start() {
    this.#loop.start()
  }
  async [Symbol.asyncDispose]() {
    await this.#loop.stop()
  }

  async identify(): Promise<IdentifyAnswer> {
    const { beep } = this.#family
    if (!beep) return 'unsupported'
    return (await this.#line?.beep(beep)) ? 'beeped' : 'link-lost'
  }

  async #serve(connection: Connection, up: () => void) {
    const line = new ModuleLine(connection, {
      clock: this.#deps.clock,
      bad: this.#bad,
      family: this.#family,
      inventory: this.#family.cycle(this.#device),
      reads: (reads) => {
        this.#deps.emit({ kind: 'tags', device: this.#device.id, reads })
        this.#online()
      },
    })
    for (let silent = 0; connection.alive; ) {
      const wrong = await this.#setUp(line)
      if (wrong) {
        silent += 1
        if (wrong.refused || silent >= silentTries) return connection.end(wrong.why)
        this.#health.tell({ state: 'offline', detail: wrong.why })
        await connection.pause(millis(againMs))
        continue
      }
      silent = 0
      up()
      this.#seeing()
      this.#line = line
      const why = await line.read()
      this.#line = null
      this.#blindSinceMs ??= line.heardMs
      this.#deps.log.info({ why }, 'inventory ended')
    }
  }

  /** A module forgets its settings with its power, so all of them are written at every start. */
  async #setUp(line: ModuleLine): Promise<SetUpFailed | null> {
    const { stop, version } = this.#family
    for (const command of [
      ...(stop ? [stop] : []),
      version,
      ...this.#family.configure(this.#device),
    ]) {
      const answer = await line.ask(command)
      if (!answer.ok && !command.mayFail) return answer
      if (answer.ok && command === version)
        this.#health.setFirmware(this.#family.firmware(answer.data)?.slice(0, 80) ?? null)
    }
    return null
  }

  /** What passed while nobody listened is not known: a count with this hole is not complete. */
  #seeing() {
    if (this.#blindSinceMs !== null)
      this.#deps.emit({
        kind: 'hole',
        device: this.#device.id,
        reason: 'observation-hole',
        fromMs: this.#blindSinceMs,
        toMs: this.#deps.clock.now(),
      })
    this.#blindSinceMs = null
    this.#online()
  }

  #online() {
    this.#health.tell({ state: 'online', detail: null })
  }
}

export const createSerialUhfDriver = (
  device: SerialUhf,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => new SerialUhfDriver(device, deps, io)
