/** One AutoID reader as a worker: an OPC UA server on one side, tags in its field on the other. */
import type { Timer } from '@lantai/contracts'
import { ms, systemClock } from '../../system-clock.ts'
import { Rng } from '../../world/rng.ts'
import { Field } from '../llrp/field.ts'
import type { DeviceFault } from '../messages.ts'
import { makeServer, portOf, shutdown } from '../opcua-server/server.ts'
import { listen, notForMe, specOf, tell, tellState } from '../port.ts'
import { autoIdNodesets, buildReader } from './address-space.ts'
import { AutoIdReader } from './reader.ts'

const dwellMs = 100
const powerDbm = 30
const spec = specOf('opcua-autoid')
const server = await makeServer(spec, 'autoid-reader', autoIdNodesets)
const reader = new AutoIdReader(buildReader(server, spec.variant), spec.variant)
const field = new Field(systemClock, new Rng(spec.seed))
const antennas = Array.from({ length: spec.antennas }, (_, i) => i + 1)

let dwelling: Timer | null = null
function dwell(): void {
  const seen = field.dwell(antennas, 0, () => powerDbm, dwellMs)
  if (reader.scanning) seen.push(...field.passed(antennas))
  else field.pauseBursts()
  reader.saw(seen)
  if (seen.length > 0) report()
  dwelling = systemClock.after(ms(dwellMs), dwell)
}

function fault(f: DeviceFault): void {
  if (f.kind === 'garbage') reader.garbled += 1
  // As after a restart of its radio part: the server stays, and nothing is scanned.
  if (f.kind === 'mute') reader.scan(false)
  if (f.kind === 'heal') reader.garbled = 0
}

function report(): void {
  const left = field.burstLeft
  const { scanning, scanStarts, events, reads } = reader
  tellState({
    busy: left > 0,
    detail: { scanning, scanStarts, events, reads, tags: field.tagCount, burstLeft: left },
  })
}

listen(
  (message) => {
    if (message.type === 'field') field.place(message.tags)
    else if (message.type === 'burst') field.pass(message.burst)
    else if (message.type === 'fault') fault(message.fault)
    else notForMe(message)
    report()
  },
  () => {
    dwelling?.cancel()
    return shutdown(server)
  },
)
await server.start()
tell({ type: 'ready', port: portOf(server) })
report()
dwell()
