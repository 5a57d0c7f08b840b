/**
 * `npm run sim -- DEVICE --port N`: `firmware-sim/src/sim-main.ts`, and for a device that speaks through a broker that
 * broker: on `--port`, without TLS or passwords, or with `--broker N` one that runs already on this machine.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { standalones } from '@lantai/firmware-sim'
import { openBroker } from '../field/broker.ts'
import { systemCode } from '../refusal.ts'
import { repositoryRoot } from '../supervise/node-process.ts'

const unavailable = 69
const given = process.argv.slice(2)
const { values, positionals } = parseArgs({
  args: given,
  allowPositionals: true,
  strict: false,
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    broker: { type: 'string' },
  },
})

/** The port of the broker that the device publishes to. */
async function brokerPort(): Promise<string> {
  if (typeof values.broker === 'string') return values.broker
  const { port = '0', host } = values
  try {
    const broker = await openBroker(Number(port), typeof host === 'string' ? host : undefined)
    return String(broker.port)
  } catch (error) {
    process.stderr.write(`port ${port} is not to be had: ${systemCode(error) ?? error}\n`)
    return process.exit(unavailable)
  }
}

const device = standalones.find((s) => s.name === positionals[0])
if (device?.wire === 'mqtt') {
  const port = await brokerPort()
  const others = given.filter(
    (word, i) =>
      !/^--(port|broker)(=|$)/.test(word) && !/^--(port|broker)$/.test(given[i - 1] ?? ''),
  )
  process.argv.splice(2, given.length, ...others, '--port', port)
}
await import(`${repositoryRoot}firmware-sim/src/sim-main.ts`)
