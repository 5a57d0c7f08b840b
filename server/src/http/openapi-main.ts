/** `npm run openapi`: the document on stdout. */
import { api, type Route } from '@lantai/contracts'
import { openapi } from './openapi.ts'

const routes = Object.values(api)
  .flatMap((feature) => Object.values(feature))
  .filter((r): r is Route => typeof r === 'object' && r !== null && 'method' in r)
console.log(JSON.stringify(openapi(routes), null, 2))
