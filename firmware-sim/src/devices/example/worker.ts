/** The thermometer of docs/add-a-driver.md as a worker: one line a question, one line an answer. */
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { listen, notForMe, specOf, tell, tellState } from '../port.ts'
import { TcpListener } from '../tcp-listener.ts'

const spec = specOf('example')
const listener = new TcpListener()
let air = { temperature: 20, humidity: 50 }
let mute = false
let answers = 0

function answer(id: string): string {
  const sign = air.temperature < 0 ? '-' : '+'
  const degrees = Math.abs(air.temperature).toFixed(1)
  const body = `${id} T=${sign}${degrees} H=${air.humidity.toFixed(1)} `
  let sum = 0
  for (const char of body) sum ^= char.charCodeAt(0)
  return `${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}\n`
}

function serve(socket: Socket) {
  let rest = ''
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const id = /^\?(\d\d)$/.exec(line)?.[1]
      if (id === undefined || mute) continue
      answers += 1
      socket.write(answer(id))
    }
  })
}

listener.server.on('connection', serve)
listen(
  (message) => {
    if (message.type === 'air') air = message.air[1] ?? air
    else if (message.type !== 'fault') notForMe(message)
    else if (message.fault.kind === 'garbage') listener.broadcast(randomBytes(message.fault.bytes))
    else if (message.fault.kind === 'mute') mute = true
    else if (message.fault.kind === 'heal') mute = false
    tellState({ busy: false, detail: { ...air, mute, answers } })
  },
  () => listener.stop(),
)
tell({ type: 'ready', port: await listener.start(spec.port) })
