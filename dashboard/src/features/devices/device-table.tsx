import { useTranslation } from 'react-i18next'
import { HealthState, levelOfDevice } from '../setup/health-state.tsx'
import type { Row } from './use-devices.ts'

/** What stands between the wanted list and the running one, for one device; null when they agree. */
export function useDifference(): (row: Row) => string | null {
  const { t } = useTranslation('devices')
  return ({ desired, running, same }) => {
    if (same) return null
    if (desired && !running) return t('row.toAdd')
    return !desired ? t('row.toRemove') : t('row.toChange')
  }
}

export function DeviceTable(props: {
  devices: readonly Row[]
  online: boolean
  chosen: string | null
  onChoose: (device: string) => void
}) {
  const { t } = useTranslation(['devices', 'setup'])
  const difference = useDifference()
  return (
    <table className="devices devices--choose">
      <thead>
        <tr>
          <th scope="col">{t('row.device')}</th>
          <th scope="col">{t('row.gives')}</th>
          <th scope="col">{t('row.state')}</th>
        </tr>
      </thead>
      <tbody>
        {props.devices.map((row) => {
          const entry = row.desired ?? row.running
          const said = props.online ? (row.health?.state ?? 'unknown') : 'unknown'
          const other = difference(row)
          return (
            <tr
              key={row.device}
              data-device={row.device}
              data-state={said}
              className={row.device === props.chosen ? 'is-chosen' : undefined}
            >
              <th scope="row">
                <button
                  type="button"
                  className="devices__name"
                  aria-pressed={row.device === props.chosen}
                  onClick={() => props.onChoose(row.device)}
                >
                  {entry?.label ?? row.device}
                </button>
                {entry?.simulated ? (
                  <span className="chip device__simulated">{t('setup:devices.simulated')}</span>
                ) : null}
                <div className="muted device__id">
                  {row.device} · {entry?.driver}
                </div>
              </th>
              <td>
                <Gives row={row} />
              </td>
              <td>
                {entry?.disabled ? (
                  t('row.disabled')
                ) : (
                  <HealthState
                    level={levelOfDevice(said)}
                    word={t(`setup:devices.health.${said}`)}
                  />
                )}
                {other ? <div className="devices__drift small">{other}</div> : null}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Gives(props: { row: Row }) {
  const { t } = useTranslation('devices')
  const f = props.row.facets
  if (!f) return <>–</>
  const said = [
    ...(f.reader ? [t(`gives.${f.reader.role}`)] : []),
    ...(f.air ? [t('gives.air', { n: f.air.sensors.length })] : []),
    ...(f.contacts ? [t('gives.contacts', { n: f.contacts.length })] : []),
    ...(f.bank ? [t('gives.bank', { bank: f.bank.bank, n: f.bank.columns.length })] : []),
    ...(f.odometer ? [t('gives.odometer')] : []),
  ]
  return <>{said.join(' · ') || '–'}</>
}
