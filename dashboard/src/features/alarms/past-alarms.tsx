import { api } from '@lantai/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCall } from '../../lib/query.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Panel } from '../../ui/panel.tsx'
import { AlarmDetail } from './alarm-detail.tsx'
import { AlarmRows } from './alarm-rows.tsx'
import { useAcknowledge } from './use-alarms.ts'

export function PastAlarms() {
  const { t } = useTranslation(['alarms', 'common'])
  const query = useCall(api.alarms.listAlarms, { query: { show: 'history' } })
  const [chosen, setChosen] = useState<string | null>(null)
  const acting = useAcknowledge()
  const alarms = query.data?.alarms ?? []
  const selected = alarms.find((a) => a.id === chosen) ?? null
  return (
    <div className="alarms">
      <Panel title={t('list.history')} facts={t('list.historyFacts', { n: alarms.length })}>
        {query.isPending ? <p className="muted">{t('common:loading')}</p> : null}
        {query.error ? <ErrorNote error={query.error} onRetry={query.refetch} /> : null}
        {query.data && alarms.length === 0 ? <EmptyState title={t('list.emptyHistory')} /> : null}
        {alarms.length > 0 ? (
          <AlarmRows alarms={alarms} chosen={chosen} onChoose={setChosen} past />
        ) : null}
      </Panel>
      <Panel title={t('detail.title')}>
        {selected ? (
          <AlarmDetail alarm={selected} first={false} acting={acting} />
        ) : (
          <p className="muted">{t('detail.none')}</p>
        )}
      </Panel>
    </div>
  )
}
