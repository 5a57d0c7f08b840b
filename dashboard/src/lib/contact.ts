import { link } from './live.ts'
import { createStore } from './store.ts'
import { serverNow } from './time.ts'

/** Server wall clock when the link went down; null while it is up or before it ever was. */
export const lastContact = createStore<number | null>(null)

let wasUp = false
link.subscribe(() => {
  const up = link.get() === 'up'
  if (up) lastContact.set(null)
  else if (wasUp) lastContact.set(serverNow())
  wasUp = up
})
