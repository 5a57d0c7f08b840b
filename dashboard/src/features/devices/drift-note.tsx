import { useTranslation } from 'react-i18next'
import type { DeviceList } from './use-devices.ts'

/** Says when the gateway does not run what is wanted here, and why. */
export function DriftNote(props: { list: DeviceList }) {
  const { t } = useTranslation('devices')
  const { config, judged, online } = props.list
  if (!online) return <p className="note">{t('drift.offline')}</p>
  if (config.drift === null) return null
  const errors = config.drift === 'rejected' ? (judged?.errors ?? []) : []
  return (
    <div className="note note--error" role="status" data-drift={config.drift}>
      <p>
        {t(`drift.${config.drift}`, {
          wanted: config.desiredVersion ?? '–',
          running: config.reportedVersion ?? '–',
        })}
      </p>
      {errors.length > 0 ? (
        <ul className="devices__errors small">
          {errors.map((e) => (
            <li key={e}>{e}</li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
