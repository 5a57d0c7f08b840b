import { jsonDecoder } from '../mqtt/json-decoder.ts'
import { nothingSaid } from '../mqtt/said.ts'
import { parseEvent } from './frames.ts'

/** `zebra-json`: tag data and management events of the IoT Connector, in arrays or one by one. */
export const zebraJson = jsonDecoder({
  known: (v) => 'data' in v && 'type' in v,
  understand: (v) => {
    const event = parseEvent(v, 'none')
    if (event === 'known') return nothingSaid()
    return 'bad' in event
      ? { ...nothingSaid(), bad: [event.bad] }
      : { ...nothingSaid(), reads: [event.read] }
  },
})
