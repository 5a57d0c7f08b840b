import './devices.css'
import { api } from '@lantai/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../lib/session.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DeviceDetail } from './device-detail.tsx'
import { DeviceEditor } from './device-editor.tsx'
import { DeviceTable } from './device-table.tsx'
import { DriftNote } from './drift-note.tsx'
import { useDevices } from './use-devices.ts'

type Shown = { what: 'device'; device: string } | { what: 'edit'; device: string | null } | null

/** Left: every device of a gateway, wanted and running. Right: one of them, or the form of one. */
export function DevicesTab(props: { gateway: string }) {
  const { gateway } = props
  const { t } = useTranslation('devices')
  const query = useDevices(gateway)
  const mayChange = useMay(api.devices.putDevice)
  const [shown, setShown] = useState<Shown>(null)
  const list = query.data
  const row = list?.devices.find((d) => shown && 'device' in shown && d.device === shown.device)
  const simulated = list?.devices.filter((d) => d.running?.simulated).length ?? 0
  const toChange = mayChange && list?.online === true && list.version !== null
  return (
    <div className="devices-tab">
      <Panel
        title={t('list.title')}
        facts={list ? t('list.facts', { n: list.devices.length, simulated }) : null}
      >
        {query.error ? <ErrorNote error={query.error} onRetry={query.refetch} /> : null}
        {query.isPending ? <Loading /> : null}
        {list ? <DriftNote list={list} /> : null}
        {list && list.devices.length === 0 ? <EmptyState title={t('list.empty')} /> : null}
        {list && list.devices.length > 0 ? (
          <DeviceTable
            devices={list.devices}
            online={list.online}
            chosen={shown && 'device' in shown ? shown.device : null}
            onChoose={(device) => setShown({ what: 'device', device })}
          />
        ) : null}
        {mayChange ? (
          <p className="devices-tab__foot">
            <button
              type="button"
              className="btn"
              disabled={!toChange}
              onClick={() => setShown({ what: 'edit', device: null })}
            >
              {t('list.add')}
            </button>
            {list && !toChange ? <span className="muted">{t('list.notNow')}</span> : null}
          </p>
        ) : null}
      </Panel>
      {shown?.what === 'edit' && list ? (
        <DeviceEditor
          key={shown.device ?? ''}
          gateway={gateway}
          list={list}
          entry={row?.desired ?? null}
          onDone={(device) => setShown(device === null ? null : { what: 'device', device })}
        />
      ) : (
        <Panel title={row ? (row.desired ?? row.running)?.label : t('detail.title')}>
          {row && list ? (
            <DeviceDetail
              key={row.device}
              gateway={gateway}
              list={list}
              row={row}
              mayChange={toChange}
              onEdit={() => setShown({ what: 'edit', device: row.device })}
              onGone={() => setShown(null)}
            />
          ) : (
            <p className="muted">{t('detail.none')}</p>
          )}
        </Panel>
      )}
    </div>
  )
}
