/**
 * The one socket of the page. Rooms have an epoch and a version; on a hole, another epoch or any reconnect the
 * view is told to fetch again (rule D17). The link counts as lost after 8.5 s without a word from the server.
 */
import type {
  ClientToServer,
  JoinAnswer,
  LiveDelta,
  LiveMessage,
  LiveRoomName,
  ServerToClient,
} from '@lantai/contracts'
import { useEffect, useRef } from 'react'
import { io, type Socket } from 'socket.io-client'
import { sessionLost } from './api.ts'
import { type Cursor, judge, type LinkState, linkOf, pingAfterMs } from './room-cursor.ts'
import { createStore } from './store.ts'
import { noteServerTime } from './time.ts'

export interface RoomWatcher {
  /** A delta in order, or the snapshot that came with the join. */
  onDelta(data: unknown): void
  /** The view may have missed something: fetch it again. */
  onResync(): void
}
interface Room {
  cursor: Cursor | null
  joining: boolean
  /** Deltas that overtook the answer to `join`. */
  early: LiveMessage[]
  watchers: Set<RoomWatcher>
  /** The room's last snapshot, for a watcher that comes later to a room that is joined already. */
  refused: string | null
}

export const link = createStore<LinkState>('connecting')

const rooms = new Map<LiveRoomName, Room>()
let socket: Socket<ServerToClient, ClientToServer> | null = null
let lastHeard = 0
let everUp = false
let timer: ReturnType<typeof setInterval> | undefined

const heard = () => {
  lastHeard = performance.now()
  everUp = true
  look()
}

function look() {
  const silent = performance.now() - lastHeard
  const now = linkOf(socket?.connected === true, everUp, silent)
  link.set(now)
}

/** A question that the server must answer; its answer carries the server's time. */
function ping() {
  if (socket?.connected) socket.emit('join', 'status', onAnswer('status', { fresh: false }))
}

function tick() {
  if (performance.now() - lastHeard > pingAfterMs) ping()
  const before = link.get()
  look()
  if (before === 'up' && link.get() === 'lost') socket?.disconnect().connect()
}

function deliver(room: Room, data: unknown) {
  const time = (data as { serverTime?: unknown } | null)?.serverTime
  if (typeof time === 'string') noteServerTime(time)
  for (const w of [...room.watchers]) w.onDelta(data)
}

const onAnswer =
  (name: LiveRoomName, how: { fresh: boolean }) =>
  (answer: JoinAnswer): void => {
    heard()
    const room = rooms.get(name)
    if (!answer.ok) {
      if (room) Object.assign(room, { joining: false, refused: answer.code })
      if (answer.code === 'not-signed-in') sessionLost.tell('not-signed-in')
      return
    }
    if (!room) return
    const before = room.cursor
    room.cursor = { epoch: answer.epoch, version: answer.version }
    room.joining = false
    if (answer.snapshot !== null) deliver(room, answer.snapshot)
    const missed = before?.epoch !== answer.epoch || before.version !== answer.version
    if (how.fresh || missed) for (const w of [...room.watchers]) w.onResync()
    for (const m of room.early.splice(0)) receive(m)
  }

function join(name: LiveRoomName) {
  const room = rooms.get(name)
  if (!room || room.joining || !socket?.connected) return
  room.joining = true
  room.early = []
  socket.emit('join', name, onAnswer(name, { fresh: true }))
}

function receive(message: LiveMessage) {
  heard()
  const room = rooms.get(message.room)
  if (!room) return
  if (room.joining || !room.cursor) {
    room.early.push(message)
    return
  }
  const verdict = judge(room.cursor, message)
  if (verdict === 'old') return
  if (verdict === 'hole') {
    join(message.room)
    return
  }
  room.cursor = { epoch: message.epoch, version: message.version }
  deliver(room, message.data)
}

/** An open socket is not an answer: the link is up when the server has said something. */
function onConnect() {
  if (!rooms.has('status')) ping()
  for (const [name, room] of rooms) {
    room.joining = false
    join(name)
  }
}

/** Opens the socket; called when a person has signed in. */
export function startLive(): void {
  if (socket) return
  lastHeard = performance.now()
  everUp = false
  link.set('connecting')
  socket = io({ transports: ['websocket', 'polling'], reconnectionDelayMax: 3000 })
  socket.on('connect', onConnect)
  socket.on('delta', receive)
  socket.on('ended', (code) => sessionLost.tell(code))
  // Also when the session ended while there was no link, as over a night asleep: the handshake is refused then.
  socket.on('connect_error', ({ message }) => {
    if (message === 'not-signed-in' || message === 'session-expired') sessionLost.tell(message)
  })
  socket.on('disconnect', (reason) => {
    look()
    // The server closed it by intent (a revoked session); socket.io does not come back by itself then.
    if (reason === 'io server disconnect') socket?.connect()
  })
  timer = setInterval(tick, 1000)
  addEventListener('offline', look)
}

/** Closes the socket; called when the session ended. */
export function stopLive(): void {
  socket?.disconnect()
  socket = null
  clearInterval(timer)
  removeEventListener('offline', look)
  rooms.clear()
}

function watch(name: LiveRoomName, watcher: RoomWatcher): () => void {
  let room = rooms.get(name)
  if (!room) {
    room = { cursor: null, joining: false, early: [], watchers: new Set(), refused: null }
    rooms.set(name, room)
  }
  room.watchers.add(watcher)
  // Also for a room that is joined already: the newcomer needs the snapshot.
  join(name)
  return () => {
    room.watchers.delete(watcher)
    if (room.watchers.size > 0 || rooms.get(name) !== room) return
    rooms.delete(name)
    socket?.emit('leave', name)
  }
}

/**
 * Watches a live room while the component is mounted. `onDelta` gets deltas in order (and the snapshot that the
 * server may send on joining); `onResync` is called when the view must be fetched again.
 */
export function useLiveRoom<R extends LiveRoomName>(
  room: R,
  handlers: { onDelta: (data: LiveDelta<R>) => void; onResync?: () => void },
  enabled = true,
): void {
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })
  useEffect(() => {
    if (!enabled) return undefined
    return watch(room, {
      onDelta: (data) => latest.current.onDelta(data as LiveDelta<R>),
      onResync: () => latest.current.onResync?.(),
    })
  }, [room, enabled])
}
