import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/** JSON on stdout. Secrets and what people typed never reach it. */
export function createLog(level: string, gateway: string, to?: DestinationStream): Logger {
  const options = {
    level,
    base: { process: 'gateway', gateway },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'password',
        'hash',
        'cookie',
        'authorization',
        'req.headers',
        'body',
        'nonce',
      ].flatMap((p) => [p, `*.${p}`]),
      censor: '[redacted]',
    },
  }
  return to ? pino(options, to) : pino(options)
}
