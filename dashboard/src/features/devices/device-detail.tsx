import { api } from '@lantai/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../lib/api.ts'
import { useMay } from '../../lib/session.ts'
import { momentText, useNow } from '../../lib/time.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { HealthState, levelOfDevice } from '../setup/health-state.tsx'
import { RoundNote } from '../setup/round-note.tsx'
import { useBlindText } from '../setup/use-blind-text.ts'
import { type Change, ChangeForm } from './change-form.tsx'
import { useDifference } from './device-table.tsx'
import { type DeviceList, identify, type Row, refetchLists, useAct } from './use-devices.ts'

interface Props {
  readonly gateway: string
  readonly list: DeviceList
  readonly row: Row
  readonly mayChange: boolean
  readonly onEdit: () => void
  readonly onGone: () => void
}

/** One device: how it is, what it gives, and what may be done to it. */
export function DeviceDetail(props: Props) {
  const { t } = useTranslation(['devices', 'setup'])
  const { row, list } = props
  const now = useNow()
  const difference = useDifference()
  const blind = useBlindText()
  const health = list.online ? row.health : null
  const entry = row.desired ?? row.running
  const other = difference(row)
  return (
    <div className="device-detail">
      <p className="muted small">
        {row.device} · {entry?.driver}
      </p>
      <p>
        <HealthState
          level={levelOfDevice(health?.state ?? 'unknown')}
          word={t(`setup:devices.health.${health?.state ?? 'unknown'}`)}
        />
        {health ? <span className="muted"> {momentText(health.since, now)}</span> : null}
      </p>
      {health?.detail ? <p className="small">{health.detail}</p> : null}
      {row.health?.rounds ? <RoundNote rounds={row.health.rounds} now={now} /> : null}
      {row.health?.blind ? <p className="small">{blind(row.health.blind, now)}</p> : null}
      {other ? <p className="note">{other}</p> : null}
      <IdentifyButton {...props} />
      {props.mayChange && row.desired ? <Acts {...props} /> : null}
      <h3 className="device-detail__head">{t('detail.settings')}</h3>
      <pre className="device-detail__entry">{JSON.stringify(entry, null, 2)}</pre>
    </div>
  )
}

function IdentifyButton({ gateway, row, list }: Props) {
  const { t } = useTranslation('devices')
  const { busy, error, run } = useAct()
  const [answer, setAnswer] = useState<Awaited<ReturnType<typeof identify>> | null>(null)
  if (!useMay(api.devices.identifyDevice) || !row.running) return null
  return (
    <div className="device-detail__act">
      <button
        type="button"
        className="btn"
        disabled={busy || !list.online}
        onClick={() => void run(async () => setAnswer(await identify(gateway, row.device)))}
      >
        {t('identify.ask')}
      </button>
      <span role="status">
        {busy ? t('identify.asking') : null}
        {answer && !busy ? answerText(t, answer) : null}
      </span>
      {error ? <ErrorNote error={error} /> : null}
    </div>
  )
}

type Say = ReturnType<typeof useTranslation<'devices'>>['t']
const answerText = (t: Say, answer: Awaited<ReturnType<typeof identify>>): string => {
  if (answer.kind === 'refused') return answer.reasons.join(' ')
  return answer.kind === 'identify' ? t(`identify.${answer.answer}`) : ''
}

function Acts({ gateway, list, row, onEdit, onGone }: Props) {
  const { t } = useTranslation('devices')
  const [asked, setAsked] = useState<'disable' | 'remove' | null>(null)
  const entry = row.desired
  if (!entry || list.version === null) return null
  const params = { gateway, device: row.device }
  const base = list.version
  const { disabled, ...rest } = entry
  const change = async (c: Change) => {
    if (asked === 'remove') {
      await call(api.devices.removeDevice, { params, body: { base, ...c } })
      onGone()
    } else {
      const next = disabled ? rest : { ...rest, disabled: true }
      // The rest of an entry keeps its shape; only the tick changes.
      await call(api.devices.putDevice, {
        params,
        body: { base, ...c, entry: next as typeof entry },
      })
    }
    await refetchLists()
    setAsked(null)
  }
  return (
    <>
      <div className="device-detail__act">
        <button type="button" className="btn" onClick={onEdit}>
          {t('detail.edit')}
        </button>
        <button type="button" className="btn" onClick={() => setAsked('disable')}>
          {t(disabled ? 'detail.enable' : 'detail.disable')}
        </button>
        <button type="button" className="btn" onClick={() => setAsked('remove')}>
          {t('detail.remove')}
        </button>
      </div>
      {asked ? (
        <ChangeForm
          act={t(
            asked === 'remove' ? 'detail.remove' : disabled ? 'detail.enable' : 'detail.disable',
          )}
          onSave={change}
          onCancel={() => setAsked(null)}
        />
      ) : null}
    </>
  )
}
