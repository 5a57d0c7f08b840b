import type { Problem } from '@lantai/contracts'
import { makeNonce, pagePolicy } from './headers.ts'

const retryAfterSeconds = 2

/** RFC 9457, for programs: the server cannot be reached just now. */
const problem: Problem = {
  type: 'urn:lantai:problem:unavailable',
  title: 'The server is not available',
  status: 503,
  code: 'unavailable',
  detail:
    'The server does not answer. It is started again by itself; nothing that was stored is lost.',
  retryAfterSeconds,
}

/** The same for people, in both languages, with no script. It asks again by itself. */
const page = (nonce: string, zh: string, en: string) => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>兰台 · Lantai</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="3">
<style nonce="${nonce}">:root{color-scheme:light dark}body{font:16px/1.7 system-ui,"Noto Sans CJK SC",sans-serif;
max-width:36rem;margin:20vh auto;padding:0 1.5rem}p+p{opacity:.75}</style></head>
<body><h1>兰台 Lantai</h1><p>${zh}</p><p lang="en">${en}</p></body></html>
`

interface Asked {
  readonly method: string
  readonly headers: { readonly accept?: string | undefined }
}
interface Reply {
  code(status: number): Reply
  header(name: string, value: string): Reply
  type(contentType: string): Reply
  send(body: unknown): unknown
}

const wantsPage = (request: Asked) =>
  request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')

function sendPage(reply: Reply, zh: string, en: string) {
  const nonce = makeNonce()
  return reply
    .code(503)
    .header('content-security-policy', pagePolicy(nonce))
    .header('cache-control', 'no-store')
    .header('retry-after', String(retryAfterSeconds))
    .type('text/html; charset=utf-8')
    .send(page(nonce, zh, en))
}

/** 503 for a server that is away: a calm page for people, a problem for programs. Says nothing of the inside. */
export function serverAway(request: Asked, reply: Reply) {
  if (wantsPage(request))
    return sendPage(
      reply,
      '服务器正在启动或重启，本页会自动重试。已保存的内容不受影响。',
      'The server is starting or restarting; this page tries again by itself. What was stored is not affected.',
    )
  return reply
    .code(503)
    .header('cache-control', 'no-store')
    .header('retry-after', String(retryAfterSeconds))
    .type('application/problem+json')
    .send(problem)
}

/** 503 while there is no built page. */
export const pageNotBuilt = (reply: Reply) =>
  sendPage(reply, '网页尚未构建。', 'The page has not been built yet.')
