/** Programs of other people that judge our codecs. Where one is absent its tests say so; in CI that fails. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { env } from 'node:process'
import { createInterface } from 'node:readline'
import { test } from 'vitest'

const { CI } = env

/** Debian's own; another `python3` may come first in PATH. */
export const python = '/usr/bin/python3'

/** Debian puts it where only root's PATH looks. */
export const mosquitto = '/usr/sbin/mosquitto'

function answers(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const needs = {
  mosquitto: { present: () => existsSync(mosquitto), install: 'mosquitto' },
  'mosquitto clients': {
    // Its --version ends with 1.
    present: () => existsSync('/usr/bin/mosquitto_pub'),
    install: 'mosquitto-clients',
  },
  paho: {
    present: () => answers(python, ['-c', 'import paho.mqtt.client']),
    install: 'python3-paho-mqtt',
  },
  pymodbus: {
    present: () => answers(python, ['-c', 'import pymodbus, serial_asyncio']),
    install: 'python3-pymodbus python3-serial-asyncio',
  },
  socat: { present: () => answers('socat', ['-V']), install: 'socat' },
  tshark: {
    present: () => answers('tshark', ['--version']) && answers('text2pcap', ['--version']),
    install: 'tshark',
  },
} as const
export type Program = keyof typeof needs

const absent = new Map<Program, boolean>()
function isAbsent(program: Program): boolean {
  const known = absent.get(program)
  if (known !== undefined) return known
  const result = !needs[program].present()
  absent.set(program, result)
  return result
}

/** A test that needs these programs: skipped with the reason in its name, or failed where CI=true. */
export function peerTest(programs: Program[], name: string, body: () => Promise<void>) {
  const missing = programs.filter(isAbsent)
  if (missing.length === 0) {
    test(name, body)
    return
  }
  const packages = missing.map((p) => needs[p].install).join(' ')
  const reason = `${missing.join(', ')} not installed (apt-get install ${packages})`
  if (CI === 'true') {
    test(name, () => {
      throw new Error(`nothing may be skipped in CI: ${reason}`)
    })
  } else test.skip(`${name} (skipped: ${reason})`, () => undefined)
}

/** A running program that is ended with the block. */
export class Running implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #said: string[] = []
  #wake: () => void = () => undefined

  constructor(command: string, args: string[]) {
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (!stream) continue
      createInterface({ input: stream }).on('line', (line) => {
        this.#said.push(line)
        this.#wake()
      })
    }
    this.#child.once('exit', () => this.#wake())
  }

  /** The first line that fits, with its groups. Fails when the program ends before. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      for (const line of this.#said) {
        const found = pattern.exec(line)
        if (found) return found
      }
      if (this.#child.exitCode !== null)
        throw new Error(`it ended with ${this.#child.exitCode}: ${this.#said.join('\n')}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
  async [Symbol.asyncDispose]() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGTERM')
    await once(this.#child, 'exit')
  }
}
