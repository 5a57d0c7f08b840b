/** The contact module as a worker: discrete inputs over Modbus TCP. Loops are normally closed: 1 is normal. */
import { randomBytes } from 'node:crypto'
import { serveModbusTcp } from '../modbus/tcp-slave.ts'
import { listen, notForMe, specOf, tell, tellState } from '../port.ts'
import { TcpListener } from '../tcp-listener.ts'

const spec = specOf('contacts')
const listener = new TcpListener()
let loops: readonly boolean[] = Array.from({ length: spec.inputs }, () => true)

serveModbusTcp(listener.server, 1, {
  readDiscrete: (address, count) =>
    address + count <= loops.length ? loops.slice(address, address + count) : { exception: 2 },
})
listen(
  (message) => {
    if (message.type === 'contacts') loops = message.closed
    else if (message.type === 'fault' && message.fault.kind === 'garbage')
      listener.broadcast(randomBytes(message.fault.bytes))
    else if (message.type !== 'fault') notForMe(message)
    tellState({ busy: false, detail: { loops } })
  },
  () => listener.stop(),
)
tell({ type: 'ready', port: await listener.start(spec.port) })
