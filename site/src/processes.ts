/** Which processes a store has, and what each is told. The one place where they are wired together. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DeviceFile } from '@lantai/contracts'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { asOurselves, MosquittoProcess, writeMosquitto } from './broker/mosquitto-process.ts'
import { splitUser } from './broker/vendor-acl.ts'
import type { VendorPlace } from './broker/vendor-place.ts'
import type { DataDir } from './data/data-dir.ts'
import type { Pki } from './pki/files.ts'
import type { DatabasePasswords } from './postgres/roles.ts'
import { roles, urlOf } from './postgres/roles.ts'
import { LogFile } from './supervise/log-file.ts'
import { NodeProcess, repositoryRoot } from './supervise/node-process.ts'

export const processNames = [
  'postgres',
  'broker',
  'server',
  'gateway',
  'simulator',
  'front',
] as const
export type ProcessName = (typeof processNames)[number]

export interface Ports {
  readonly postgres: number
  readonly broker: number
  /** For devices of other makers; nobody listens there where a store has none. */
  readonly vendor: number
  readonly server: number
  readonly console: number
  readonly front: number
}

/** What the gateway says of the device list that it runs, whenever it is another one. */
const Runs = Type.Object({ list: DeviceFile })

/** What the simulator says when it is ready. */
export interface SimulatorReady {
  readonly ready: true
  readonly controlPort: number
  readonly controlToken: string
  readonly devices: DeviceFile
}
export interface PortReady {
  readonly ready: true
  readonly port: number
}

export interface Wiring {
  readonly site: string
  readonly gatewayId: string
  readonly dir: DataDir
  readonly ports: Ports
  readonly passwords: DatabasePasswords
  /** Origins that browsers may come from. */
  readonly origins: readonly string[]
  readonly simulator: Readonly<Record<string, string>>
  readonly gateway: Readonly<Record<string, string>>
  /** Devices of other makers at our broker, and the address at which they reach it. */
  readonly vendor: { readonly place: VendorPlace; readonly host: string } | null
}

const logOf = (dir: DataDir, name: string) => new LogFile(join(dir.logs, `${name}.log`))

export const postgresLog = (dir: DataDir) => logOf(dir, 'postgres')

/** The names in the certificates are the identities that the broker knows (reliability 4.2). */
export const identities = (gatewayId: string) =>
  ({ broker: 'server', server: 'client', observer: 'client', [gatewayId]: 'client' }) as const

export const databaseEnv = (w: Wiring) => ({
  LANTAI_SITE: w.site,
  DATABASE_URL: urlOf(w.ports.postgres, roles.app, w.passwords.app),
  OWNER_DATABASE_URL: urlOf(w.ports.postgres, roles.owner, w.passwords.owner),
})

const mqttEnv = (w: Wiring, pki: Pki, identity: string) => ({
  MQTT_URL: `mqtts://127.0.0.1:${w.ports.broker}`,
  MQTT_CA: pki.ca,
  MQTT_CERT: pki.of(identity).cert,
  MQTT_KEY: pki.of(identity).key,
})

export const brokerProcess = (w: Wiring, pki: Pki) =>
  new NodeProcess<PortReady>({
    name: 'broker',
    entry: 'site/src/broker/main.ts',
    log: logOf(w.dir, 'broker'),
    env: () => ({
      LANTAI_SITE: w.site,
      BROKER_PORT: String(w.ports.broker),
      BROKER_CA: pki.ca,
      BROKER_CERT: pki.of('broker').cert,
      BROKER_KEY: pki.of('broker').key,
      ...(w.vendor
        ? {
            BROKER_VENDOR_ACCOUNTS: w.vendor.place.files.accounts,
            BROKER_VENDOR_PORT: String(w.ports.vendor),
            BROKER_VENDOR_HOST: w.vendor.host,
          }
        : {}),
    }),
  })

/** Mosquitto in its place: gateway and server do not notice (rule D19). */
export const mosquittoProcess = (w: Wiring, pki: Pki) => {
  const { vendor } = w
  const passwordOf = (user: string) => {
    const who = splitUser(user)
    return who && vendor
      ? readFileSync(vendor.place.files.password(who.role, who.device), 'utf8').trim()
      : ''
  }
  const devices = () => vendor?.place.devices ?? []
  const conf = () =>
    writeMosquitto(
      join(w.dir.secrets, 'mosquitto'),
      {
        site: w.site,
        gateways: [w.gatewayId],
        own: { host: '127.0.0.1', port: w.ports.broker },
        files: { ca: pki.ca, ...pki.of('broker') },
        ...(vendor && devices().length > 0
          ? { vendor: { host: vendor.host, port: w.ports.vendor, devices: devices() } }
          : {}),
        ...asOurselves(),
      },
      passwordOf,
    )
  return new MosquittoProcess(conf, w.ports.broker, logOf(w.dir, 'broker'))
}

export const serverProcess = (w: Wiring, pki: Pki) =>
  new NodeProcess<PortReady>({
    name: 'server',
    entry: 'server/src/main.ts',
    log: logOf(w.dir, 'server'),
    env: () => ({
      ...databaseEnv(w),
      ...mqttEnv(w, pki, 'server'),
      SERVER_PORT: String(w.ports.server),
      SERVER_SECRETS_DIR: w.dir.serverSecrets,
      PUBLIC_ORIGIN: w.origins.join(','),
    }),
  })

/** Public halves of the server's keys, which a gateway pins at enrolment (ASVS 4.1.5). */
export const pinned = (dir: DataDir) => ({
  SERVER_COMMAND_PUB: join(dir.serverSecrets, 'command.pub'),
  SERVER_LEDGER_PUB: join(dir.serverSecrets, 'ledger.pub'),
})

/**
 * A gateway runs on a small box beside the shelves; the server's young space may be large, this one's may not. Left to
 * itself V8 lets a heap of 45 MB grow to 170 MB before it collects, when thousands of reads a second pass through it, and
 * compiles for speed that nobody needs here.
 */
export const smallMachine = [
  '--optimize-for-size',
  '--max-semi-space-size=1',
  '--heap-growing-percent=20',
  '--v8-pool-size=1',
] as const

/**
 * And no memory is kept for later. V8 compiles in pieces of up to 32 KB: each is mapped, so that it goes back when it is
 * freed and leaves no hole between what stays, some 6 MB a process. Compiled code is kept in the gateway's own directory
 * and not only from `main.ts` on: for that one file the compiler of TypeScript would be loaded, 11 MB for ever.
 */
export const smallMemory = (data: string) => ({
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '32768',
  NODE_COMPILE_CACHE: join(data, 'compile-cache'),
})

export const gatewayDataOf = (dir: DataDir, gatewayId: string) => join(dir.gateway, gatewayId)

/** `runs` is told each device list that it runs. */
export const gatewayProcess = (w: Wiring, pki: Pki, runs: (list: DeviceFile) => void) => {
  const data = gatewayDataOf(w.dir, w.gatewayId)
  mkdirSync(data, { recursive: true, mode: 0o700 })
  return new NodeProcess<PortReady>({
    name: 'gateway',
    entry: 'gateway/src/main.ts',
    nodeOptions: smallMachine,
    log: logOf(w.dir, 'gateway'),
    heard: (message) => Check(Runs, message) && runs(message.list as DeviceFile),
    env: () => ({
      LANTAI_SITE: w.site,
      GATEWAY_ID: w.gatewayId,
      GATEWAY_DATA_DIR: data,
      DEVICES_FILE: w.dir.devices,
      EPC_PROFILES_FILE: w.dir.epcProfiles,
      ...mqttEnv(w, pki, w.gatewayId),
      ...pinned(w.dir),
      CONSOLE_PORT: String(w.ports.console),
      ...smallMemory(data),
      ...w.gateway,
    }),
  })
}

export const simulatorProcess = (w: Wiring) =>
  new NodeProcess<SimulatorReady>({
    name: 'simulator',
    entry: 'firmware-sim/src/main.ts',
    log: logOf(w.dir, 'simulator'),
    env: () => ({ SIM_DIR: w.dir.simulator, ...w.simulator }),
  })

export const frontProcess = (w: Wiring) =>
  new NodeProcess<PortReady>({
    name: 'front',
    entry: 'site/src/front/main.ts',
    log: logOf(w.dir, 'front'),
    env: () => ({
      LANTAI_PORT: String(w.ports.front),
      SERVER_URL: `http://127.0.0.1:${w.ports.server}`,
      DASHBOARD_DIR: `${repositoryRoot}dashboard/dist/www`,
    }),
  })
