/** An air handling unit as a worker: supply and return air, a filter alarm and a smoke detector in its duct. */
import { nodesets } from 'node-opcua-nodesets'
import { makeServer, portOf, shutdown, spaceOf, type Variable } from '../opcua-server/server.ts'
import { listen, notForMe, specOf, tell, tellState } from '../port.ts'

const uri = 'urn:lantai:ahu'
const spec = specOf('opcua-ahu')
const server = await makeServer(spec, 'opcua-ahu', [nodesets.standard])
const space = spaceOf(server)
const namespace = space.registerNamespace(uri)
const unit = namespace.addObject({
  browseName: 'AHU1',
  nodeId: 's=AHU1',
  organizedBy: space.rootFolder.objects,
})

function add(name: string, dataType: 'Double' | 'UInt16'): Variable {
  return namespace.addVariable({
    componentOf: unit,
    browseName: name,
    nodeId: `s=AHU1.${name}`,
    dataType,
    accessLevel: 'CurrentRead',
  })
}
const places = ['Supply', 'Return'] as const
const temperatures = places.map((p) => add(`${p}.Temperature`, 'Double'))
const humidities = places.map((p) => add(`${p}.Humidity`, 'Double'))
/** Bits, normally closed as the loops of a contact module: 1 is normal. */
const contacts = add('Contacts', 'UInt16')

type Value = Parameters<Variable['setValueFromSource']>[0]
const put = (variable: Variable | undefined, dataType: string, value: number): void =>
  variable?.setValueFromSource({ dataType, value } as Value)

let air: Readonly<Record<number, { temperature: number; humidity: number }>> = {
  1: { temperature: 18.5, humidity: 50 },
  2: { temperature: 20.25, humidity: 48.5 },
}
let closed: readonly boolean[] = [true, true]

function show(): void {
  for (const i of places.keys()) {
    const here = air[i + 1]
    if (!here) continue
    put(temperatures[i], 'Double', here.temperature)
    put(humidities[i], 'Double', here.humidity)
  }
  put(
    contacts,
    'UInt16',
    closed.reduce((bits, on, i) => bits | (on ? 1 << i : 0), 0),
  )
  tellState({ busy: false, detail: { air, closed } })
}

listen(
  (message) => {
    if (message.type === 'air') air = { ...air, ...message.air }
    else if (message.type === 'contacts') closed = message.closed
    else if (message.type !== 'fault') notForMe(message)
    show()
  },
  () => shutdown(server),
)
show()
await server.start()
tell({ type: 'ready', port: portOf(server) })
