/** Writes the demo store on stdout, one JSON object a line. Same seed and day, same bytes. */
import { once } from 'node:events'
import { exit, stderr, stdout } from 'node:process'
import { readCatalogueConfig } from './config.ts'
import { catalogueLines } from './world/catalogue/store.ts'

const config = readCatalogueConfig()
if (!config.ok) {
  stderr.write(`${config.problems.join('\n')}\n`)
  exit(78)
}
let chunk = ''
for (const line of catalogueLines(config.value.SIM_SEED, config.value.SIM_TODAY)) {
  chunk += `${JSON.stringify(line)}\n`
  if (chunk.length < 1 << 18) continue
  if (!stdout.write(chunk)) await once(stdout, 'drain')
  chunk = ''
}
stdout.write(chunk)
