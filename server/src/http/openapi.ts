import { Problem, type Route } from '@lantai/contracts'
import type { TSchema } from 'typebox'

type Json = Record<string, unknown>
const problemMedia = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
}

/** OpenAPI 3.1 printed from route values; there is no second description to drift from. */
export function openapi(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {}
  for (const r of routes.filter(({ access }) => access.who !== 'loopback')) {
    const path = r.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [r.method.toLowerCase()]: operation(r) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lantai 兰台',
      version: '0.1.0',
      summary: 'Custody of physical records',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Sign in with POST /api/session; the session is a cookie. Every method but GET needs an Origin of the site. Errors are application/problem+json with a stable `code`.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((r) => r.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: plain(Problem) },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: '__Host-lantai' } },
    },
  }
}

function operation(r: Route): Json {
  return {
    tags: [r.tag],
    summary: r.summary,
    operationId: operationId(r),
    description: accessText(r),
    security: r.access.who === 'anyone' ? [] : [{ session: [] }],
    parameters: [...parameters(r.params, 'path'), ...parameters(r.query, 'query')],
    ...(r.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: plain(r.body) } },
          },
        }
      : {}),
    responses: {
      200: { description: 'Done', content: { [mediaOf(r)]: { schema: plain(r.response) } } },
      ...Object.fromEntries(refusals(r).map(([status, why]) => [status, problem(why)])),
      default: problem('Refused, with a stable code'),
    },
  }
}

const problem = (description: string) => ({ description, content: problemMedia })

const refusals = (r: Route): [number, string][] => [
  ...(r.params || r.query || r.body
    ? [[400, 'The request does not fit its schema'] as [number, string]]
    : []),
  ...(r.access.who === 'anyone'
    ? []
    : [[401, 'Not signed in, or the session is over'] as [number, string]]),
  ...(r.access.who === 'roles' ? [[403, 'Another role is needed'] as [number, string]] : []),
  [429, 'Too many requests; see Retry-After'],
]

const mediaOf = (r: Route) =>
  (r.response as { type?: string }).type === 'string' ? 'text/plain' : 'application/json'

function accessText(r: Route): string {
  if (r.access.who === 'anyone') return 'Open to anyone.'
  if (r.access.who === 'signed-in') return 'For every signed-in person.'
  return r.access.who === 'roles' ? `For the roles ${r.access.roles.join(', ')}.` : ''
}

const operationId = (r: Route) =>
  `${r.method.toLowerCase()}${r.path
    .replace(/^\/api/, '')
    .replace(/[/:-](\w)?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '')}`

function parameters(schema: TSchema | undefined, where: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, TSchema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, field]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: plain(field),
  }))
}

/** Without the symbols and hidden fields that TypeBox keeps beside the JSON Schema. */
const plain = (schema: TSchema): Json => JSON.parse(JSON.stringify(schema))
