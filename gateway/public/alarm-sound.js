// Which alarms are to be heard at this page, and since when somebody wants no more of them. Nothing of the browser here.

/** An alarm of priority 1 is heard again after this long, until it is silenced here or gone. */
export const repeatMs = 5000
/** Stands for the gateway itself, which is not heard any more. */
const lostKey = 'page/lost'

/** Keys of what is to be heard, with their priority; priority 3 is to be seen only. */
function audible(conditions, lost) {
  const loud = conditions.filter((c) => c.priority < 3).map((c) => [c.key, c.priority])
  return lost ? [...loud, [lostKey, 1]] : loud
}

const kept = (some, keys) => new Set([...some].filter((key) => keys.has(key)))

/** What a page sounds: `hear` is asked at every look, and tells what is to be played now. */
export class AlarmSound {
  #silenced = new Set()
  #heard = new Set()
  #playedAt = null
  #now = []

  /**
   * @param {{ key: string, priority: number }[]} conditions those that are active or latched
   * @param {boolean} lost the gateway does not answer
   * @param {number} at milliseconds
   * @returns {1 | 2 | null} priority of what is to be played now
   */
  hear(conditions, lost, at) {
    this.#now = audible(conditions, lost)
    const keys = new Set(this.#now.map(([key]) => key))
    // What went and comes back is another one, and is heard.
    this.#silenced = kept(this.#silenced, keys)
    this.#heard = kept(this.#heard, keys)
    const loud = this.#now.filter(([key]) => !this.#silenced.has(key))
    const fresh = loud.filter(([key]) => !this.#heard.has(key))
    for (const [key] of loud) this.#heard.add(key)
    const due = this.#playedAt === null || at - this.#playedAt >= repeatMs
    const again = due ? loud.filter(([, priority]) => priority === 1) : []
    const worst = Math.min(...[...fresh, ...again].map(([, priority]) => priority))
    if (!Number.isFinite(worst)) return null
    this.#playedAt = at
    return worst
  }

  /** What sounds now is heard no more here; an alarm that comes later is. */
  silence() {
    for (const [key] of this.#now) this.#silenced.add(key)
  }

  /** How many would sound again by themselves, and how many were silenced. */
  get count() {
    const ofOne = this.#now.filter(([key, p]) => p === 1 && !this.#silenced.has(key))
    return { loud: ofOne.length, silenced: this.#silenced.size }
  }
}
