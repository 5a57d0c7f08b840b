/** One hop of the floor: takes bytes on its own port and passes them on, as the thinnest process between two others. */
import { connect, createServer } from 'node:net'

const onward = connect({ host: '127.0.0.1', port: Number(process.argv[2]), noDelay: true })
const server = createServer({ noDelay: true }, (socket) => socket.pipe(onward))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.send?.({ port: address.port })
})
process.on('disconnect', () => process.exit(0))
