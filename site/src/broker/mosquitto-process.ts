import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { seconds } from '@lantai/contracts'
import { writeWhole } from '../data/files.ts'
import type { LogFile } from '../supervise/log-file.ts'
import { baseEnv, EndedEarly } from '../supervise/node-process.ts'
import type { Ending, Running, Unit } from '../supervise/running.ts'
import { Tail } from '../supervise/tail.ts'
import {
  type MosquittoSite,
  mosquittoAcl,
  mosquittoConf,
  mosquittoPassword,
  mosquittoVendorAcl,
} from './mosquitto.ts'

/** Debian puts it where only root's PATH looks. */
export const mosquittoProgram = '/usr/sbin/mosquitto'
/** Sends a signal to what it starts when its parent dies, so that nothing outlives the supervisor. */
const leash = ['/usr/bin/setpriv', '--pdeathsig', 'KILL'] as const

export const hasMosquitto = () => existsSync(mosquittoProgram) && existsSync(leash[0])

/**
 * Writes configuration and rules below `dir`; gives the path of `mosquitto.conf`. `passwordOf` is asked for each account
 * of a vendor device once the directory is there.
 */
export function writeMosquitto(
  dir: string,
  site: Omit<MosquittoSite, 'paths'>,
  passwordOf: (user: string) => string = () => '',
): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const below = (name: string) => join(dir, name)
  const paths = {
    acl: below('acl'),
    vendorAcl: below('vendor-acl'),
    vendorPasswords: below('vendor-passwords'),
  }
  const devices = site.vendor?.devices ?? []
  const users = devices.flatMap((d) => [`vendor.${d}`, `driver.${d}`])
  const passwords = users.map((u) => `${mosquittoPassword(u, passwordOf(u))}\n`)
  writeWhole(paths.acl, mosquittoAcl(site))
  writeWhole(paths.vendorAcl, mosquittoVendorAcl(site.site, devices))
  writeWhole(paths.vendorPasswords, passwords.join(''))
  writeWhole(below('mosquitto.conf'), mosquittoConf({ ...site, paths }))
  return below('mosquitto.conf')
}

/** Started as root it would become another user, who cannot read what is ours. */
export const asOurselves = () => (process.getuid?.() === 0 ? { runAs: 'root' } : {})

/** Mosquitto in the place of the embedded broker. */
export class MosquittoProcess implements Unit<{ port: number }> {
  readonly name = 'broker'
  readonly stopWithin = seconds(5)
  readonly #conf: () => string
  readonly #port: number
  readonly #log: Pick<LogFile, 'write'>

  /** `conf` names the file, asked anew at every start; `port` is the one of its own listener. */
  constructor(conf: () => string, port: number, log: Pick<LogFile, 'write'>) {
    this.#conf = conf
    this.#port = port
    this.#log = log
  }

  launch(): Promise<Running<{ port: number }>> {
    const [program, ...args] = [...leash, mosquittoProgram, '-c', this.#conf()]
    const child = spawn(program, args, {
      env: baseEnv(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const tail = new Tail()
    const up = Promise.withResolvers<{ port: number }>()
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        tail.push(chunk)
        this.#log.write(chunk)
        if (/mosquitto version \S+ running/.test(tail.text)) up.resolve({ port: this.#port })
      })
    const ended = new Promise<Ending>((resolve) => {
      child.once('error', (error) => resolve({ code: null, signal: null, tail: error.message }))
      child.once('close', (code, signal) => resolve({ code, signal, tail: tail.text }))
    })
    void ended.then((e) => up.reject(new EndedEarly(e)))
    return Promise.resolve({
      pid: child.pid ?? -1,
      ready: up.promise,
      ended,
      stop: () => void child.kill('SIGTERM'),
      kill: () => void child.kill('SIGKILL'),
    })
  }
}
