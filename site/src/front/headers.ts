import { randomBytes } from 'node:crypto'

/** 128 bits, new for every response (reliability 4.6). */
export const makeNonce = () => randomBytes(16).toString('base64')

/** The page's policy. antd writes its styles at run time, under the nonce; nothing inline runs. */
export const pagePolicy = (nonce: string) =>
  [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join('; ')

/** For everything that is not a page, unless the server says otherwise. */
const closedPolicy = "default-src 'none'; frame-ancestors 'none'"

/** On every response (ASVS 3.4). The server's own headers go before these. */
export const securityHeaders = (behindTls: boolean): Record<string, string> => ({
  'content-security-policy': closedPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'geolocation=(), payment=(), usb=(), interest-cohort=()',
  ...(behindTls ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
})
