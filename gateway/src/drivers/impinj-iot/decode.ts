import { jsonDecoder } from '../mqtt/json-decoder.ts'
import { understandEvent } from './frames.ts'

/** `impinj-json`: events of the IoT device interface, as its HTTP stream and MQTT carry them. */
export const impinjJson = jsonDecoder({
  known: (v) => 'eventType' in v || Object.keys(v).some((k) => /^[a-z][A-Za-z]*Event$/.test(k)),
  understand: (v) => understandEvent(v, 'none'),
})
