import { type Clock, millis } from '@lantai/contracts'
import type { OPCUAClient } from 'node-opcua-client'
import type { DriverDeps } from '../driver.ts'
import type { ByteLink, DriverIo, LinkHandlers } from '../link/byte-link.ts'
import type { HealthView } from '../link/health.ts'
import { LinkLoop } from '../link/link-loop.ts'
import { type Application, applicationIn } from './application.ts'
import { type Connected, connect, Refused } from './connect.ts'
import { OpcUaSession } from './session.ts'
import type { OpcUaServer } from './settings.ts'

export interface KeeperOptions {
  readonly server: OpcUaServer
  readonly deps: DriverDeps
  readonly io: DriverIo
  /** Works with one session until it has ended. `up` says that the device proved itself. */
  serve(session: OpcUaSession, up: () => void): Promise<void>
  /** After every try that failed and every session that ended. `news` where a person has to act. */
  down(reason: string, news: boolean): void
}

const expiresSoonDays = 30
const leaveWithin = millis(1200)
const day = 86_400_000

/** Keeps one secured session at a time to a server, for ever, with the backoff of G5. */
export class OpcUaKeeper {
  readonly #options: KeeperOptions
  readonly #loop: LinkLoop
  #application: Application | null = null
  #current: Connected | null = null
  #refused = false
  #stopping = false
  #serverValidTo: number | null = null

  constructor(options: KeeperOptions) {
    this.#options = options
    this.#loop = new LinkLoop({
      clock: options.deps.clock,
      random: options.io.random,
      open: (handlers) => this.#open(handlers),
      serve: async (connection, up) => {
        const current = this.#current
        if (current) {
          const session = new OpcUaSession(
            current.session,
            connection,
            options.deps.clock,
            options.deps.explain,
          )
          await options.serve(session, up)
        }
        return {}
      },
      down: (reason) => options.down(reason, this.#refused),
    })
  }

  start() {
    this.#loop.start()
  }
  stop(): Promise<void> {
    this.#stopping = true
    return this.#loop.stop()
  }

  /** `online`, or `degraded` where a certificate ends within 30 days: nothing works after that day. */
  health(detail: string | null = null): HealthView {
    const now = this.#options.deps.clock.now()
    const own = this.#application?.daysLeft(now) ?? Number.POSITIVE_INFINITY
    const theirs = ((this.#serverValidTo ?? Number.POSITIVE_INFINITY) - now) / day
    const ends = [
      ...(own < expiresSoonDays ? [`our certificate ends in ${Math.floor(own)} days`] : []),
      ...(theirs < expiresSoonDays
        ? [`the server's certificate ends in ${Math.floor(theirs)} days`]
        : []),
    ]
    const said = [...ends, ...(detail === null ? [] : [detail])].join('; ')
    return {
      state: ends.length > 0 || detail !== null ? 'degraded' : 'online',
      detail: said || null,
    }
  }

  #open(handlers: LinkHandlers): ByteLink {
    const clients = new Set<OPCUAClient>()
    let closing = false
    const track = (client: OPCUAClient) => {
      if (closing) throw new Error('closed')
      clients.add(client)
    }
    this.#connect(track).then(
      (connected) => {
        connected.client.on('close', () => handlers.closed('the connection was lost'))
        connected.session.on('session_closed', () =>
          handlers.closed('the server closed the session'),
        )
        this.#current = connected
        handlers.opened()
      },
      (error: unknown) => {
        this.#refused = error instanceof Refused
        handlers.closed(reasonOf(error))
      },
    )
    return {
      write: () => undefined,
      close: async () => {
        closing = true
        this.#current = null
        const { clock } = this.#options.deps
        const left = Promise.all([...clients].map((client) => leave(client, clock)))
        // Only a stop waits for the goodbye: a lost link is told at once, not after a dead server's timeouts (S1).
        if (this.#stopping) await left
      },
    }
  }

  async #connect(track: (client: OPCUAClient) => void): Promise<Connected> {
    const { deps, server } = this.#options
    if (deps.dataDir === undefined) throw new Refused('no data directory for certificates')
    this.#application = await applicationIn(deps.dataDir)
    const connected = await connect(server, this.#application, track, deps.explain)
    this.#refused = false
    this.#serverValidTo = connected.serverValidTo
    return connected
  }
}

const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n')[0]?.trim() || 'not connected'
}

/** Ends politely; a server that is gone answers nothing, and its timeouts are not waited for. */
function leave(client: OPCUAClient, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(leaveWithin, resolve)
    const done = () => {
      timer.cancel()
      resolve()
    }
    client.disconnect().then(done, done)
  })
}
