import type { ToDevice } from '../messages.ts'
import type { Standalone } from '../standalone.ts'

/** All loops closed for two seconds, then a fire for two. */
const again = (n: number): ToDevice => ({ type: 'contacts', closed: [n % 8 < 4, true, true] })

const settings = {
  label: '火灾报警主机',
  driver: 'espa',
  simulated: true,
  role: 'polled',
  ownAddress: '2',
  panelAddress: '1',
  silenceMs: 2000,
  settleMs: 1000,
  encoding: 'windows-1252',
  points: [
    { id: 'fire-1', label: '火警', room: 'R1', means: 'fire', address: '100' },
    { id: 'smoke-1', label: '烟雾', room: 'R1', means: 'smoke', address: '101' },
    { id: 'panel-fault', label: '主机故障', room: 'R1', means: 'panelFault', text: 'fault' },
  ],
}

export const standalone: readonly Standalone[] = [
  {
    name: 'fire-espa',
    about: 'fire panel, ESPA 4.4.4, polls station 2, 9600 baud',
    wire: 'pty',
    spec: ({ port, path, seed }) => ({ kind: 'espa', port: port === 0 ? null : port, path, seed }),
    entry: ({ host, port, path }) => ({
      ...settings,
      id: 'panel-1',
      line:
        path === ''
          ? { transport: 'tcp', host, port }
          : { transport: 'serial', path, baud: 9600, parity: 'none', stopBits: 1 },
    }),
    first: [],
    again,
  },
  {
    name: 'fire-espa-tcp',
    about: 'the same panel behind a terminal server',
    wire: 'tcp',
    spec: ({ port, path, seed }) => ({ kind: 'espa', port, path, seed }),
    entry: ({ host, port }) => ({
      ...settings,
      id: 'panel-1',
      line: { transport: 'tcp', host, port },
    }),
    first: [],
    again,
  },
]
