import { randomBytes } from 'node:crypto'
import { anyone, type Route, route } from '@lantai/contracts'
import Fastify from 'fastify'
import { Type } from 'typebox'
import type { Mount } from './mount.ts'
import { openapi } from './openapi.ts'

const common = { method: 'GET', access: anyone, tag: 'operations' } as const

/** The description of the API itself, and a page to read it: no part of the contract, open to anyone. */
export const docsRoutes = {
  document: route({
    ...common,
    path: '/api/openapi.json',
    summary: 'This API as OpenAPI 3.1',
    response: Type.Object({}, { additionalProperties: true }),
  }),
  page: route({
    ...common,
    path: '/api/docs',
    summary: 'This API as a page',
    response: Type.String(),
  }),
  start: route({
    ...common,
    path: '/api/docs/start.js',
    summary: 'Opens the page',
    response: Type.String(),
  }),
  script: route({
    ...common,
    path: '/api/docs/scalar.js',
    summary: 'The reader behind the page, from our own origin',
    response: Type.String(),
  }),
}

export function mountDocs(mount: Mount, routes: readonly Route[]) {
  let document: Record<string, unknown> | undefined
  mount(docsRoutes.document, async () => {
    document ??= openapi(routes.filter((r) => !r.path.startsWith('/api/docs')))
    return document
  })
  mount(docsRoutes.page, async (call) => {
    const nonce = randomBytes(16).toString('base64')
    call.headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(nonce),
    })
    return page(nonce)
  })
  mount(docsRoutes.start, async (call) => {
    call.headers({ 'content-type': 'text/javascript; charset=utf-8' })
    return start
  })
  let script: Promise<string> | undefined
  mount(docsRoutes.script, async (call) => {
    script ??= readScript()
    call.headers({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=86400',
    })
    return await script
  })
}

// Everything from here, fonts too: a page that is read in an archive has no way outside.
const policy = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const page = (nonce: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta property="csp-nonce" nonce="${nonce}" content="${nonce}">
<title>Lantai 兰台 API</title>
</head>
<body>
<div id="app"></div>
<noscript><a href="/api/openapi.json">openapi.json</a></noscript>
<script src="/api/docs/scalar.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`

const start = `Scalar.createApiReference('#app', ${JSON.stringify({
  url: '/api/openapi.json',
  withDefaultFonts: false,
  hideClientButton: true,
  telemetry: false,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  customCss: ':root { --scalar-font: system-ui, "Noto Sans CJK SC", sans-serif; }',
})})
`

/** Five megabytes that most servers never need: loaded when somebody opens the page for the first time. */
async function readScript(): Promise<string> {
  const { default: reference } = await import('@scalar/fastify-api-reference')
  await using app = Fastify()
  await app.register(reference, { routePrefix: '/r', configuration: { content: {} } })
  const answer = await app.inject('/r/js/scalar.js')
  if (answer.statusCode !== 200) throw new Error(`the reader answered ${answer.statusCode}`)
  return answer.body
}
