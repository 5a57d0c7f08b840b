import type { CreateDecoder } from './decode.ts'

/** Every protocol that `npm run decode` reads, by the name that is typed. A new one is one line. */
export const decoders: Readonly<Record<string, () => Promise<CreateDecoder>>> = {}
