/**
 * The certificate library's injector asks for decorator metadata on `Reflect` before anything else. These are the
 * few functions of that proposal it uses; a whole package for them would be one more thing to trust.
 */
const store = new WeakMap<object, Map<unknown, unknown>>()

const own = (target: object, key: unknown): unknown => store.get(target)?.get(key)

function inherited(target: object, key: unknown): unknown {
  for (let at: object | null = target; at; at = Reflect.getPrototypeOf(at))
    if (store.get(at)?.has(key)) return own(at, key)
  return undefined
}

function define(key: unknown, value: unknown, target: object) {
  const entries = store.get(target) ?? new Map<unknown, unknown>()
  store.set(target, entries.set(key, value))
}

Object.assign(Reflect, {
  defineMetadata: define,
  getMetadata: (key: unknown, target: object) => inherited(target, key),
  getOwnMetadata: (key: unknown, target: object) => own(target, key),
  hasOwnMetadata: (key: unknown, target: object) => store.get(target)?.has(key) ?? false,
  metadata: (key: unknown, value: unknown) => (target: object) => define(key, value, target),
})
