import { api, type DeviceEntry } from '@lantai/contracts'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../lib/api.ts'
import { showToast } from '../../lib/toasts.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Panel } from '../../ui/panel.tsx'
import { type Change, ChangeForm } from './change-form.tsx'
import { Fields } from './form/schema-fields.tsx'
import { blank, type Draft, draftOf, entryOf, type Schema } from './form/schema-form.ts'
import { TestPanel } from './test-panel.tsx'
import { type DeviceList, refetchLists, useDrivers } from './use-devices.ts'

interface Props {
  readonly gateway: string
  readonly list: DeviceList
  /** The entry that is changed; null for a new one. */
  readonly entry: DeviceEntry | null
  /** With the device that was saved, or null. */
  readonly onDone: (device: string | null) => void
}

/** The form of one device, drawn from its driver's schema; saved only with a reason, tried out before if wished. */
export function DeviceEditor({ gateway, list, entry, onDone }: Props) {
  const { t, i18n } = useTranslation('devices')
  const id = useId()
  const drivers = useDrivers(gateway)
  const [driver, setDriver] = useState(entry?.driver ?? '')
  const info = drivers.data?.drivers.find((d) => d.driver === driver)
  return (
    <Panel title={entry ? t('form.change', { label: entry.label }) : t('form.add')}>
      {drivers.error ? <ErrorNote error={drivers.error} onRetry={drivers.refetch} /> : null}
      {drivers.isPending ? <Loading /> : null}
      {entry ? null : (
        <div className="df__field">
          <label className="label" htmlFor={id}>
            {t('form.driver')}
          </label>
          <select
            id={id}
            className="field"
            value={driver}
            onChange={(e) => setDriver(e.target.value)}
          >
            <option value="" />
            {drivers.data?.drivers.map((d) => (
              <option key={d.driver} value={d.driver}>
                {i18n.language === 'en' ? d.words.en : d.words.zh}
              </option>
            ))}
          </select>
        </div>
      )}
      {info ? (
        <EntryForm
          key={driver}
          gateway={gateway}
          base={list.version}
          schema={info.schema as Schema}
          entry={entry}
          onDone={onDone}
        />
      ) : (
        <p className="devices-tab__foot">
          <button type="button" className="btn" onClick={() => onDone(entry?.id ?? null)}>
            {t('change.cancel')}
          </button>
        </p>
      )}
    </Panel>
  )
}

function EntryForm(props: {
  gateway: string
  base: number | null
  schema: Schema
  entry: DeviceEntry | null
  onDone: (device: string | null) => void
}) {
  const { t } = useTranslation('devices')
  const { gateway, base, schema, entry, onDone } = props
  const [draft, setDraft] = useState<Draft>(() => (entry ? draftOf(schema, entry) : blank(schema)))
  const value = entryOf(schema, draft) as DeviceEntry
  const device = entry?.id ?? value.id
  const save = async (change: Change) => {
    if (base === null || !device) return
    const params = { gateway, device }
    await call(api.devices.putDevice, { params, body: { base, ...change, entry: value } })
    await refetchLists()
    showToast(t('change.sent', { device }))
    onDone(device)
  }
  return (
    <div className="df">
      <Fields
        schema={schema}
        draft={draft}
        onChange={setDraft}
        // The name of a device is what its history hangs on.
        without={entry ? ['id', 'disabled'] : ['disabled']}
      />
      <TestPanel gateway={gateway} entry={value} />
      <ChangeForm
        act={t('form.save')}
        disabled={!device || base === null}
        onSave={save}
        onCancel={() => onDone(entry?.id ?? null)}
      />
    </div>
  )
}
