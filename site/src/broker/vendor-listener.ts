/** The port for devices of other makers: open while somebody may come in, and nobody stays who may not any more. */
import type { Server, TLSSocket } from 'node:tls'
import type { Client } from 'aedes'
import type { Logger } from 'pino'
import { passwordFits, readAccounts, type VendorAccount } from './vendor-accounts.ts'
import { vendorMayConnect } from './vendor-acl.ts'

export interface VendorListenerDeps {
  /** File of `ensureVendorAccounts`, which may change at any time. */
  readonly accounts: string
  /** Opens the port. */
  listen(take: (socket: TLSSocket) => void): Promise<Server>
  handle(socket: TLSSocket): void
  readonly log: Logger
}

const lookEveryMs = 1000

export class VendorListener {
  readonly #deps: VendorListenerDeps
  readonly #sockets = new WeakSet<object>()
  /** Who is in, and the hash of the password that let them. */
  readonly #inside = new Map<Client, VendorAccount>()
  #server: Server | null = null
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()

  constructor(deps: VendorListenerDeps) {
    this.#deps = deps
  }

  /** Throws when the port is needed and cannot be opened. */
  async start() {
    await this.#look()
    this.#timer = setInterval(() => {
      this.#looking = this.#looking
        .then(() => this.#look())
        .catch((err: unknown) => {
          this.#deps.log.error({ err }, 'the port for devices is as it was')
        })
    }, lookEveryMs)
  }

  async stop() {
    clearInterval(this.#timer)
    await this.#looking
    this.#server?.close()
  }

  /** Null while nobody may come in. */
  get server(): Server | null {
    return this.#server
  }
  has(client: Client): boolean {
    return this.#sockets.has(client.conn)
  }

  /** Name and password; true when it is who it says, under a client id of its own. */
  async admits(client: Client, user: string | undefined, password: Buffer | undefined) {
    if (user === undefined || password === undefined || !vendorMayConnect(user, client.id))
      return false
    const accounts = readAccounts(this.#deps.accounts)
    if (!(await passwordFits(accounts, user, password.toString('utf8')))) return false
    const account = accounts.find((a) => a.user === user)
    if (account) this.#inside.set(client, account)
    return true
  }

  async #look() {
    const accounts = readAccounts(this.#deps.accounts)
    for (const [client, { user, hash }] of this.#inside)
      if (client.closed) this.#inside.delete(client)
      else if (!accounts.some((a) => a.user === user && a.hash === hash)) this.#putOut(client, user)
    if (accounts.length > 0) this.#server ??= await this.#open()
    else if (this.#server) {
      this.#server.close()
      this.#server = null
      this.#deps.log.info('nobody may come in: the port for devices is closed')
    }
  }

  #open(): Promise<Server> {
    return this.#deps.listen((socket) => {
      this.#sockets.add(socket)
      this.#deps.handle(socket)
    })
  }

  #putOut(client: Client, user: string) {
    this.#inside.delete(client)
    this.#deps.log.info({ user, clientId: client.id }, 'may not stay: its account is gone')
    client.close()
  }
}
