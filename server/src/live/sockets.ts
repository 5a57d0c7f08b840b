import type { Server as HttpServer, IncomingMessage } from 'node:http'
import {
  type ClientToServer,
  type JoinAnswer,
  type LiveRoomName,
  liveRooms,
  millis,
  type ServerToClient,
} from '@lantai/contracts'
import { Server, type Socket } from 'socket.io'
import type { Context } from '../context.ts'
import { every } from '../every.ts'
import { identifier, judgeSessions } from '../features/people/people.ts'
import { cookieName, refusal } from '../http/access.ts'
import { isOurOrigin } from '../http/server.ts'
import type { SignedIn } from '../http/signed-in.ts'
import { ConnectionBudget } from './connection-budget.ts'

interface Data {
  person: SignedIn
}
type LiveServer = Server<ClientToServer, ServerToClient, Record<string, never>, Data>
type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, Data>

/** A client that does not read is put out; it comes back and fetches again (reliability 4.3). */
const bufferLimit = 1024 * 1024
const frameLimit = 1000
const recheckEvery = millis(800)
/** Pages of one person at a time, on all of that person's machines. */
const socketsOfPerson = 40

export interface Sockets {
  /** Looks at every open session now; runs by itself every 0.8 s. */
  recheck(): Promise<void>
  close(): Promise<void>
}

/**
 * socket.io over the rooms of the contract. A person is authorised at the handshake, again at each join with the
 * roles of that moment, and loses the sockets within a second after the session ended (reliability 4.3).
 */
export function startSockets(http: HttpServer, ctx: Context): Sockets {
  const io: LiveServer = new Server(http, {
    path: '/socket.io',
    serveClient: false,
    maxHttpBufferSize: 64 * 1024,
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: 10_000,
    pingTimeout: 10_000,
    connectTimeout: 10_000,
    allowRequest: (request, done) => done(null, originFits(ctx, request)),
  })
  const identify = identifier(ctx)
  io.use((socket, next) => {
    identify(tokenOf(socket.request)).then(
      (identity) => {
        if (!identity.ok) return next(new Error(identity.code))
        if (countOf(io, identity.person.id) >= socketsOfPerson)
          return next(new Error('rate-limited'))
        socket.data.person = identity.person
        next()
      },
      fail(ctx, next),
    )
  })
  io.engine.on('connection', (connection: Connection) => limit(ctx, connection))
  io.engine.on('connection_error', () => ctx.metrics.malformed.inc({ door: 'socket' }))
  io.on('connection', (socket) => accept(ctx, socket))
  const stop = ctx.live.listen((message) => {
    evictSlow(io, ctx)
    io.to(message.room).emit('delta', message)
  })
  const unhear = ctx.sessions.onEnded((id, code) => endSessionSockets(io, id, code))
  const end = every(ctx, recheckEvery, () => recheck(io, ctx))
  return {
    recheck: () => recheck(io, ctx),
    close: async () => {
      end()
      stop()
      unhear()
      io.disconnectSockets(true)
      await io.close()
    },
  }
}

const originFits = (ctx: Context, request: IncomingMessage) => {
  const { origin } = request.headers
  // A browser leaves it out on a same-origin GET of long polling; every cross-origin request carries it.
  return origin === undefined
    ? request.headers['sec-fetch-site'] === 'same-origin'
    : isOurOrigin(ctx, origin)
}

function tokenOf(request: IncomingMessage): string | undefined {
  const cookies = (request.headers.cookie ?? '').split(';').map((c) => c.trim())
  return cookies.find((c) => c.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1)
}

const fail = (ctx: Context, next: (error: Error) => void) => (err: unknown) => {
  ctx.log.error({ err }, 'handshake')
  next(new Error('unavailable'))
}

const countOf = (io: LiveServer, person: string) =>
  [...io.sockets.sockets.values()].filter((s) => s.data.person.id === person).length

/** The part of an engine.io connection that is used here. */
interface Connection {
  on(event: 'packet', listener: (packet: { type: string; data?: unknown }) => void): void
  close(discard: boolean): void
}

/** Nobody holds the server up by talking: twenty thousand joins in a second kept everyone waiting for twenty. */
function limit(ctx: Context, connection: Connection) {
  const budget = new ConnectionBudget(ctx.clock)
  connection.on('packet', (packet) => {
    if (budget.take(packet)) return
    ctx.metrics.malformed.inc({ door: 'socket' })
    connection.close(true)
  })
}

const roomOf = (sessionId: string) => `session:${sessionId}`

function accept(ctx: Context, socket: LiveSocket) {
  ctx.metrics.sockets.inc()
  void socket.join(roomOf(socket.data.person.sessionId))
  socket.on('error', (err) => ctx.log.warn({ err }, 'socket'))
  socket.on('disconnect', () => ctx.metrics.sockets.dec())
  // One at a time: each asks the database, and others wait for the same connections.
  let turn: Promise<unknown> = Promise.resolve()
  socket.on('join', (room, done) => {
    if (typeof done !== 'function') return
    turn = turn
      .then(() => (socket.connected ? join(ctx, socket, room) : notHere))
      .then(done, (err: unknown) => {
        ctx.log.error({ err, room: String(room).slice(0, 40) }, 'join')
        done({ ok: false, code: 'bad-request' })
      })
  })
  socket.on('leave', (room) => {
    if (isRoom(room)) void socket.leave(room)
  })
}

const notHere: JoinAnswer = { ok: false, code: 'not-signed-in' }

const isRoom = (room: unknown): room is LiveRoomName =>
  typeof room === 'string' && Object.hasOwn(liveRooms, room)

async function join(ctx: Context, socket: LiveSocket, room: unknown): Promise<JoinAnswer> {
  if (!isRoom(room)) {
    ctx.metrics.malformed.inc({ door: 'socket' })
    return { ok: false, code: 'bad-request' }
  }
  const { sessionId } = socket.data.person
  const identity = (await judgeSessions(ctx, [sessionId])).get(sessionId)
  if (!identity?.ok) return { ok: false, code: 'not-signed-in' }
  if (refusal(liveRooms[room].access, identity.person.roles))
    return { ok: false, code: 'forbidden' }
  socket.data.person = identity.person
  // Joined before the snapshot is read: a delta in between comes twice rather than not at all.
  await socket.join(room)
  const { version, snapshot } = await ctx.live.enter(room)
  return { ok: true, epoch: ctx.live.epoch, version, snapshot }
}

function evictSlow(io: LiveServer, ctx: Context) {
  for (const socket of io.sockets.sockets.values()) {
    const transport = socket.conn.transport as { socket?: { bufferedAmount?: number } }
    const waiting = transport.socket?.bufferedAmount ?? 0
    const frames = (Reflect.get(socket.conn, 'writeBuffer') as unknown[] | undefined)?.length ?? 0
    if (waiting <= bufferLimit && frames <= frameLimit) continue
    ctx.log.warn({ waiting, person: socket.data.person.id }, 'slow client put out')
    socket.disconnect(true)
  }
}

function endSessionSockets(
  io: LiveServer,
  sessionId: string,
  code: 'not-signed-in' | 'session-expired',
) {
  io.to(roomOf(sessionId)).emit('ended', code)
  io.in(roomOf(sessionId)).disconnectSockets(true)
}

/** Finds sessions that ended elsewhere or by time, and roles that were taken away: within a second, on open sockets. */
async function recheck(io: LiveServer, ctx: Context) {
  const open = [...io.sockets.sockets.values()]
  if (open.length === 0) return
  const ids = [...new Set(open.map((s) => s.data.person.sessionId))]
  const identities = await judgeSessions(ctx, ids)
  for (const socket of open) {
    const identity = identities.get(socket.data.person.sessionId)
    if (!identity?.ok) {
      endSessionSockets(io, socket.data.person.sessionId, identity?.code ?? 'not-signed-in')
      continue
    }
    socket.data.person = identity.person
    for (const room of socket.rooms)
      if (isRoom(room) && refusal(liveRooms[room].access, identity.person.roles))
        void socket.leave(room)
  }
}
