import './devices.css'
import { api, type ConfigVersionView } from '@lantai/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../lib/api.ts'
import { useCall } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { momentText, useNow } from '../../lib/time.ts'
import { showToast } from '../../lib/toasts.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ChangeForm } from './change-form.tsx'
import { refetchLists, useDevices } from './use-devices.ts'

/** Who changed the list of devices, when and why, what became of it, and the way back. */
export function VersionsTab(props: { gateway: string }) {
  const { gateway } = props
  const { t } = useTranslation('devices')
  // Keeps the news flowing: a version is judged while one looks.
  const devices = useDevices(gateway)
  const query = useCall(api.devices.listVersions, { params: { gateway } })
  const [chosen, setChosen] = useState<number | null>(null)
  const versions = query.data?.versions ?? []
  const running = versions.find((v) => v.running)?.version ?? null
  const selected = versions.find((v) => v.version === chosen) ?? null
  return (
    <div className="devices-tab">
      <Panel title={t('versions.title')} facts={t('versions.facts', { n: versions.length })}>
        {query.error ? <ErrorNote error={query.error} onRetry={query.refetch} /> : null}
        {query.isPending ? <Loading /> : null}
        {query.data && versions.length === 0 ? <EmptyState title={t('versions.empty')} /> : null}
        {versions.length > 0 ? (
          <Versions versions={versions} chosen={chosen} onChoose={setChosen} />
        ) : null}
      </Panel>
      <Panel title={selected ? t('versions.one', { n: selected.version }) : t('versions.what')}>
        {selected ? (
          <Version
            key={selected.version}
            gateway={gateway}
            version={selected}
            running={running}
            base={devices.data?.version ?? null}
          />
        ) : (
          <p className="muted">{t('versions.none')}</p>
        )}
      </Panel>
    </div>
  )
}

function Versions(props: {
  versions: readonly ConfigVersionView[]
  chosen: number | null
  onChoose: (version: number) => void
}) {
  const { t } = useTranslation('devices')
  const now = useNow()
  return (
    <table className="devices devices--choose">
      <thead>
        <tr>
          <th scope="col">{t('versions.version')}</th>
          <th scope="col">{t('versions.by')}</th>
          <th scope="col">{t('versions.reason')}</th>
          <th scope="col">{t('versions.state')}</th>
        </tr>
      </thead>
      <tbody>
        {props.versions.map((v) => (
          <tr
            key={v.version}
            data-version={v.version}
            className={v.version === props.chosen ? 'is-chosen' : undefined}
          >
            <th scope="row">
              <button
                type="button"
                className="devices__name"
                aria-pressed={v.version === props.chosen}
                onClick={() => props.onChoose(v.version)}
              >
                {v.version}
              </button>
            </th>
            <td>
              {v.origin === 'gateway' ? t('versions.fromGateway') : v.by}
              <div className="muted device__id">{momentText(v.at, now)}</div>
            </td>
            <td>{v.reason}</td>
            <td>{stateOf(t, v)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type Say = ReturnType<typeof useTranslation<'devices'>>['t']
const stateOf = (t: Say, v: ConfigVersionView) =>
  v.running
    ? t('versions.running')
    : t(`versions.is.${v.state ?? (v.origin === 'gateway' ? 'applied' : 'waiting')}`)

function Version(props: {
  gateway: string
  version: ConfigVersionView
  running: number | null
  base: number | null
}) {
  const { t } = useTranslation('devices')
  const { gateway, version: v, running, base } = props
  const mayChange = useMay(api.devices.rollBack)
  const [asked, setAsked] = useState(false)
  const to = running ?? v.version
  const diff = useCall(
    api.devices.diffVersions,
    { params: { gateway }, query: { from: to, to: v.version } },
    { enabled: to !== v.version },
  )
  return (
    <>
      {v.errors.length > 0 ? (
        <ul className="devices__errors note note--error small">
          {v.errors.map((e) => (
            <li key={e}>{e}</li>
          ))}
        </ul>
      ) : null}
      {v.running ? <p>{t('versions.thisRuns')}</p> : null}
      {diff.error ? <ErrorNote error={diff.error} onRetry={diff.refetch} /> : null}
      {diff.data ? (
        <>
          <p className="muted">{t('versions.against', { running: to })}</p>
          <Differences devices={diff.data.devices} />
        </>
      ) : null}
      {mayChange && !v.running && base !== null ? (
        asked ? (
          <ChangeForm
            act={t('versions.rollBack')}
            onSave={async (change) => {
              const params = { gateway, version: v.version }
              await call(api.devices.rollBack, { params, body: { base, ...change } })
              await refetchLists()
              showToast(t('versions.rolledBack', { n: v.version }))
              setAsked(false)
            }}
            onCancel={() => setAsked(false)}
          />
        ) : (
          <p className="devices-tab__foot">
            <button type="button" className="btn" onClick={() => setAsked(true)}>
              {t('versions.rollBack')}
            </button>
          </p>
        )
      ) : null}
    </>
  )
}

type Differing = { device: string; what: 'added' | 'changed' | 'removed'; fields: readonly Field[] }
interface Field {
  readonly path: string
  readonly from: unknown
  readonly to: unknown
}

function Differences(props: { devices: readonly Differing[] }) {
  const { t } = useTranslation('devices')
  if (props.devices.length === 0) return <p>{t('versions.sameList')}</p>
  return (
    <ul className="differences">
      {props.devices.map((d) => (
        <li key={d.device}>
          <strong>{d.device}</strong> {t(`versions.change.${d.what}`)}
          {d.what === 'changed' ? (
            <ul className="small">
              {d.fields.map((f) => (
                <li key={f.path}>
                  <code>{f.path}</code> <del>{shown(f.from)}</del> → <ins>{shown(f.to)}</ins>
                </li>
              ))}
            </ul>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

const shown = (value: unknown) => (value === null ? '–' : JSON.stringify(value))
