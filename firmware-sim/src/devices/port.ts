/** A device worker's end of the line to the world. */
import { parentPort, workerData } from 'node:worker_threads'
import type { DeviceSpec, DeviceState, FromDevice, SpecOf, ToDevice } from './messages.ts'

export interface Inbox {
  id: number
  message: ToDevice
}

/** The spec of this worker; throws when it was started as something else. */
export function specOf<K extends DeviceSpec['kind']>(kind: K): SpecOf<K> {
  const spec = workerData as DeviceSpec
  if (spec.kind !== kind) throw new Error(`started as ${spec.kind}, not ${kind}`)
  return spec as SpecOf<K>
}

export const tell = (message: FromDevice) => parentPort?.postMessage(message)
export const tellState = (state: DeviceState) => tell({ type: 'state', state })

/** Calls `handle` for each message and says when it has taken effect. `stop` ends the worker. */
export function listen(
  handle: (message: ToDevice) => void,
  close: () => Promise<void> | void,
): void {
  parentPort?.on('message', ({ id, message }: Inbox) => {
    if (message.type === 'stop') {
      void Promise.resolve(close()).finally(() => parentPort?.close())
      return
    }
    try {
      handle(message)
      tell({ type: 'done', id })
    } catch (cause) {
      tell({ type: 'done', id, error: cause instanceof Error ? cause.message : String(cause) })
    }
  })
}

/** A message that makes no sense for this device. */
export const notForMe = (message: ToDevice): never => {
  throw new Error(`this device does not understand ${message.type}`)
}
