import type { Standalone, StandaloneAddress } from '../standalone.ts'

const columns = [1, 2, 3, 4, 5].map((column) => ({ column, widthMm: 900 }))
const steel = { columns, railMm: 5 * 900 + 1000, aisleMm: 900, saved: null }

/** What every entry of a networked bank of five columns has. */
const bankOf = (driver: string, { host, port }: StandaloneAddress, notProvided: string[]) => ({
  id: 'shelf-b1',
  label: '密集架',
  driver,
  simulated: true,
  host,
  port,
  everyMs: 250,
  numbers: 'columns',
  bank: 'B1',
  room: 'R1',
  columns: columns.map((c) => c.column),
  notProvided,
})
/** CRC-8/MAXIM-DOW: some polynomial has to be chosen, for none is known. */
const crc = { poly: 0x31, init: 0, reflectIn: true, reflectOut: true, xorOut: 0 }
const silent = ['eStop', 'obstacle', 'occupied', 'door', 'manual', 'night', 'power']

export const standalone: readonly Standalone[] = [
  {
    name: 'shelving-modbus',
    about: 'bank of five columns with kinematic carriages, generic PLC map over Modbus TCP',
    wire: 'tcp',
    spec: ({ port }) => ({ kind: 'shelving', port, ...steel }),
    entry: ({ host, port }) => ({
      id: 'shelf-b1',
      label: '密集架',
      driver: 'modbus-shelving',
      simulated: true,
      line: { transport: 'tcp', host, port },
      unit: 1,
      profile: 'bank-modbus',
      everyMs: 250,
      bank: 'B1',
      room: 'R1',
      columns: columns.map((c) => c.column),
      notProvided: [],
    }),
    first: [],
  },
  {
    name: 'shelving-mjj',
    about:
      'the same bank behind MJJ controllers: hex frames over UDP, left is the side of the fixed column',
    wire: 'udp',
    // Its columns know only their own ends, so the rail ends where the last one stands.
    spec: ({ port }) => ({
      kind: 'shelving-mjj',
      port,
      ...steel,
      railMm: 5 * 900 + 900,
      zone: 1,
      type: 1,
      fixed: 'left',
      leftIs: 'lower',
      crc,
    }),
    entry: (at) => ({
      ...bankOf('mjj-shelving', at, silent),
      localPort: 0,
      zone: 1,
      type: 1,
      fixed: 'left',
      leftIs: 'lower',
      crc,
      confirmed: false,
    }),
    first: [],
  },
  {
    name: 'shelving-ims',
    about: 'the same bank behind an IMS controller: ASCII over short TCP connections, no status',
    wire: 'tcp',
    spec: ({ port }) => ({ kind: 'shelving-ims', port, ...steel, number: 2, leftIs: 'lower' }),
    entry: (at) => ({
      ...bankOf('ims-shelving', at, [...silent, 'controllerFault', 'otherAisle']),
      number: 2,
      leftIs: 'lower',
    }),
    first: [],
  },
  {
    name: 'shelving-stow',
    about: 'the same bank behind a Stow PLC: two bytes asked, twenty answered, version 2.5',
    wire: 'tcp',
    spec: ({ port }) => ({ kind: 'shelving-stow', port, ...steel }),
    entry: (at) => ({
      ...bankOf('stow-shelving', at, ['occupied', 'door']),
      alarms: { table: 'late', version: '2.5' },
    }),
    first: [],
  },
]
