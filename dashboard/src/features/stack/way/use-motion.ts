/** One request for motion from sending to its reported end. Never sent again by itself (rules S5, S6). */
import { api, type CommandView } from '@lantai/contracts'
import { useCallback, useEffect, useState } from 'react'
import { call, isUnknownOutcome } from '../../../lib/api.ts'
import type { HeardBank } from '../../../lib/banks.ts'
import { isOpenCommand } from '../model/command-stage.ts'

export interface MotionRequest {
  verb: 'open' | 'close' | 'ventilate'
  aisle: number | null
}

/** While a command is under way it is read again this often: the live room may have missed a step (rule D17). */
const rereadEveryMs = 1500

/** The newest word on one command: the live room's where it speaks of the same one. */
function newest(mine: CommandView | null, heard: HeardBank | null): CommandView | null {
  const live = heard?.view.command ?? null
  if (!mine) return null
  return live?.command === mine.command && live.updatedAt >= mine.updatedAt ? live : mine
}

export function useMotion(request: MotionRequest, heard: HeardBank | null) {
  const [mine, setMine] = useState<CommandView | null>(null)
  const [sending, setSending] = useState(false)
  const [lost, setLost] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const bank = heard?.view.bank ?? null
  const command = newest(mine, heard)

  const send = () => {
    const seenRevision = heard?.view.report?.observed?.revision
    if (bank === null || seenRevision === undefined || sending) return
    setSending(true)
    setError(null)
    const body = { ...request, seenRevision, confirmedOnSite: true as const }
    call(api.shelving.requestMotion, { params: { bank }, body })
      .then(setMine, (e: unknown) => (isUnknownOutcome(e) ? setLost(true) : setError(e)))
      .finally(() => setSending(false))
  }

  const id = command?.command ?? null
  const reread = useCallback(() => {
    if (id === null) return
    call(api.shelving.getCommand, { params: { command: id } }).then(setMine, () => setLost(true))
  }, [id])
  useRereading(command, reread)
  useFound(lost, mine, heard, (found) => {
    setMine(found)
    setLost(false)
  })

  const again = () => {
    setMine(null)
    setError(null)
    setLost(false)
  }
  return { command, sending, lost, error, send, reread, again }
}

function useRereading(command: CommandView | null, reread: () => void) {
  const watch = command !== null && (isOpenCommand(command) || command.state === 'unknown')
  useEffect(() => {
    if (!watch) return undefined
    const timer = setInterval(reread, rereadEveryMs)
    return () => clearInterval(timer)
  }, [watch, reread])
}

/** The answer to the request was lost: the command may exist all the same, and shows itself in the bank's reports. */
function useFound(
  lost: boolean,
  mine: CommandView | null,
  heard: HeardBank | null,
  found: (c: CommandView) => void,
) {
  const live = heard?.view.command ?? null
  useEffect(() => {
    if (lost && mine === null && live && isOpenCommand(live)) found(live)
  })
}
