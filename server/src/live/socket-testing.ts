/** A client of socket.io's own wire protocol (v5 over WebSocket), small enough to be read: it shares no code with the server. */
import type { JoinAnswer, LiveMessage } from '@lantai/contracts'

type Packet = { event: string; args: unknown[] }

export interface TestSocket {
  join(room: unknown): Promise<JoinAnswer>
  /** The next packet that passes, already received or yet to come. */
  next(event: string): Promise<unknown>
  delta(): Promise<LiveMessage>
  /** Bytes as they are, to see what the server does with them. */
  raw(text: string): void
  closed: Promise<void>
  close(): void
}

/** Rejects with the server's reason when the handshake or the connection is refused. */
export async function connect(port: number, headers: Record<string, string>): Promise<TestSocket> {
  const url = `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`
  const socket = new WebSocket(url, { headers } as never)
  const packets: Packet[] = []
  const waiting: { event: string; done: (value: unknown) => void }[] = []
  const answers = new Map<number, (answer: JoinAnswer) => void>()
  let asked = 0
  const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()))
  const deliver = (packet: Packet) => {
    const i = waiting.findIndex((w) => w.event === packet.event)
    if (i < 0) packets.push(packet)
    else waiting.splice(i, 1)[0]?.done(packet.args[0])
  }
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('refused at the handshake')))
    socket.addEventListener('close', () => reject(new Error('closed')))
    socket.addEventListener('message', ({ data }) => {
      const text = String(data)
      if (text.startsWith('0')) socket.send('40')
      else if (text === '2') socket.send('3')
      else if (text.startsWith('40')) resolve()
      else if (text.startsWith('44')) reject(new Error(JSON.parse(text.slice(2)).message))
      else if (text.startsWith('42')) {
        const [event, ...args] = JSON.parse(text.slice(2)) as [string, ...unknown[]]
        deliver({ event, args })
      } else if (text.startsWith('43')) {
        const m = /^43(\d+)(.*)$/.exec(text)
        answers.get(Number(m?.[1]))?.(JSON.parse(m?.[2] ?? '[]')[0])
      }
    })
  })
  const next = (event: string) => {
    const i = packets.findIndex((p) => p.event === event)
    if (i >= 0) return Promise.resolve(packets.splice(i, 1)[0]?.args[0])
    return new Promise<unknown>((done) => waiting.push({ event, done }))
  }
  return {
    join: (room) =>
      new Promise((resolve) => {
        const id = asked++
        answers.set(id, resolve)
        socket.send(`42${id}${JSON.stringify(['join', room])}`)
      }),
    next,
    delta: () => next('delta') as Promise<LiveMessage>,
    raw: (text) => socket.send(text),
    closed,
    close: () => socket.close(),
  }
}
