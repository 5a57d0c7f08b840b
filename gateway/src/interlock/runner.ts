import type { CommandTransition } from '@lantai/contracts'
import type { Recorder } from '../core/recorder.ts'
import type { ShelvingAnswer, ShelvingRequest } from '../drivers/driver.ts'
import type { InterlockMachine } from './machine.ts'
import type { Effect } from './types.ts'

export interface RunnerDeps {
  machine: InterlockMachine
  recorder: Recorder
  mono(): number
  ask(device: string, request: ShelvingRequest, withinMs: number | null): Promise<ShelvingAnswer>
  tell(transition: CommandTransition): void
  fireChanged(room: string): void
}

/** Does what the state machine asks for, in its order, and brings the answers back to it. */
export function createRunner(deps: RunnerDeps) {
  const { machine } = deps
  function run(effects: readonly Effect[]) {
    for (const e of effects) perform(e)
  }
  function perform(e: Effect) {
    switch (e.do) {
      case 'store':
        return void store(e)
      case 'ask':
        return void ask(e)
      case 'tell':
        return deps.tell(e.transition)
      case 'fire':
        return deps.fireChanged(e.room)
    }
  }
  async function store(e: Extract<Effect, { do: 'store' }>) {
    const { stored } = await deps.recorder.record(e.facts, e.puts)
    if (e.token) run(stored ? machine.stored(e.token) : machine.notStored(e.token))
  }
  async function ask(e: Extract<Effect, { do: 'ask' }>) {
    // A stop is never too late, and a forbid never too old (S7).
    const timeless = e.request.verb === 'stop' || e.request.verb === 'forbid'
    const answer = await deps.ask(e.device, e.request, timeless ? null : e.notAfter - deps.mono())
    if (e.command) run(machine.answered(e.command, answer))
  }
  return { run }
}
export type Runner = ReturnType<typeof createRunner>
