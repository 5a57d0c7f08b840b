import { Closed, ReaderRole } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import { words } from '../schema.ts'
import { Broker, brokerName, brokerWrong, Topic, TopicFilter } from './settings.ts'

/** Fields of every RFID reader that speaks through a broker. */
export const readerFields = {
  broker: Broker,
  /** Where its messages arrive; on a broker of the site below `vendor/{site}/{device}/`. */
  topic: TopicFilter,
  role: ReaderRole,
  /** Where the broker says by the reader's will that it is gone. */
  availability: Type.Optional(
    Closed({ topic: Topic, offline: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })) }),
  ),
  /** Only for readers that say something at least so often, with or without tags. */
  silentAfterMs: Type.Optional(
    Type.Integer({
      minimum: 5_000,
      maximum: 86_400_000,
      ...words('静默超时 ms', 'Silent after ms'),
    }),
  ),
}
const shape = Closed(readerFields)
export type ReaderSettings = Static<typeof shape> & { id: string }

export const readerClaims = (d: ReaderSettings) => [
  { key: `messages of ${brokerName(d.broker)} ${d.topic}`, at: 'topic' },
]
export const readerWrong = (d: ReaderSettings): string[] => brokerWrong(d.broker)
