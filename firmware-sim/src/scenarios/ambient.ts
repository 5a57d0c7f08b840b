/** Every few minutes something small happens by itself, so that a demo store is not a photograph. */
import { type Clock, millis, type Timer } from '@lantai/contracts'
import { airSensors } from '../world/catalogue/layout.ts'
import type { Store } from '../world/catalogue/store.ts'
import type { Rng } from '../world/rng.ts'
import type { World } from '../world/world.ts'

const minute = 60_000

export interface Ambient {
  readonly clock: Clock
  readonly rng: Rng
  readonly store: Store
  readonly world: World
  /** What happened, for the log; failures too (a device may be down just then). */
  readonly told: (what: string, detail: object) => void
}

/** Starts; the returned function ends it. */
export function startAmbient(a: Ambient): () => void {
  const timers = new Set<Timer>()
  const after = (ms: number, job: () => void) => {
    const timer = a.clock.after(millis(ms), () => {
      timers.delete(timer)
      job()
    })
    timers.add(timer)
  }
  const run: Run = (what, act) =>
    act.then(
      (detail) => a.told(what, { detail }),
      (cause: unknown) => a.told(`${what} failed`, { cause: String(cause) }),
    )
  const happenings = [
    () => run('humid corner', humidCorner(a, after)),
    () => run('box returned', boxReturned(a, after, run)),
    () => run('box one slot off', oneSlotOff(a)),
    () => run('aisle opened by hand', openedByHand(a, after, run)),
  ]
  let turn = a.rng.int(0, happenings.length - 1)
  const next = () =>
    after(a.rng.int(2.5 * minute, 3.5 * minute), () => {
      void happenings[turn++ % happenings.length]?.()
      next()
    })
  next()
  return () => {
    for (const t of timers) t.cancel()
    timers.clear()
  }
}

type After = (ms: number, job: () => void) => void
/** Does it and tells how it went; never rejects. */
type Run = (what: string, act: Promise<unknown>) => Promise<void>

async function humidCorner({ rng, world }: Ambient, after: After) {
  const sensor = rng.pick(airSensors).id
  const humidity = 62 + rng.float() * 5
  const rampMs = rng.int(40, 90) * 1000
  world.air.set(sensor, 'humidity', humidity, rampMs)
  after(rampMs + rng.int(4, 13) * minute, () => world.air.set(sensor, 'humidity', null, 3 * minute))
  return { sensor, humidity }
}

/** A box on loan comes in through the door and is laid on the desk; later somebody takes it to its place. */
async function boxReturned({ rng, world, store }: Ambient, after: After, run: Run) {
  const out = store.loans.map((l) => l.box).filter((b) => world.places.placeOf(b) === 'outside')
  const box = out.length > 0 ? world.places.byCode(rng.pick(out)) : null
  if (!box) return { box: null }
  await world.carry({ epc: box.epc, tid: box.tid }, box.code, 'in', 4000)
  after(15_000, () => void run('box on the desk', world.place(box.code, 'desk-1')))
  after(10 * minute, () => void run('box shelved', world.place(box.code, 'home')))
  return { box: box.code }
}

/** Two neighbours change places. Only the truth knows. */
async function oneSlotOff({ rng, world, store }: Ambient) {
  const i = rng.int(0, store.boxes.length - 2)
  const [a, b] = store.boxes.slice(i, i + 2)
  const home = (place: string) => place.replace(/-\d+$/, '')
  const still = [a, b].every((x) => x && world.places.placeOf(x.code) === x.home)
  if (!a || !b || !still || home(a.home) !== home(b.home)) return { box: null }
  await world.place(a.code, b.home)
  await world.place(b.code, a.home)
  return { box: a.code, from: a.home, to: b.home }
}

async function openedByHand({ rng, world, store }: Ambient, after: After, run: Run) {
  const bank = rng.pick(store.layout.banks)
  const saved = world.bankSaved(bank.bank)
  if (!saved || saved.manual || saved.eStop || saved.obstacle) return { bank: null }
  const aisle = rng.pick(bank.columns).column
  await world.bank(bank.bank, { event: 'manual', aisle })
  after(90_000, () => void run('handle let go', world.bank(bank.bank, { event: 'auto' })))
  return { bank: bank.bank, aisle }
}
