import { api, type DeviceEntry, type ResponseOf } from '@lantai/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../lib/api.ts'
import { showToast } from '../../lib/toasts.ts'
import { scrollStop } from '../../ui/scroll-stop.ts'
import { Wrong } from './change-form.tsx'
import { useAct } from './use-devices.ts'

const trialSeconds = 10

/** Tries the settings of the form at the gateway, apart from everything that runs, and shows what crossed the wire. */
export function TestPanel(props: { gateway: string; entry: DeviceEntry }) {
  const { t } = useTranslation('devices')
  const { busy, error, run } = useAct()
  const [said, setSaid] = useState<ResponseOf<typeof api.devices.testDevice> | null>(null)
  const test = () =>
    run(async () => {
      setSaid(null)
      const args = { params: { gateway: props.gateway } }
      const body = { entry: props.entry, seconds: trialSeconds }
      setSaid(await call(api.devices.testDevice, { ...args, body }))
    })
  return (
    <section className="test-panel" aria-label={t('test.title')}>
      <p className="device-detail__act">
        <button type="button" className="btn" disabled={busy} onClick={() => void test()}>
          {t('test.run')}
        </button>
        <span className="muted small" role="status">
          {busy ? t('test.running', { seconds: trialSeconds }) : t('test.about')}
        </span>
      </p>
      {error ? <Wrong error={error} /> : null}
      {said?.kind === 'refused' ? (
        <div className="note note--error" role="alert">
          <p>{t('test.refused')}</p>
          <ul className="devices__errors small">
            {said.reasons.map((r) => (
              <li key={r}>{r}</li>
            ))}
          </ul>
        </div>
      ) : null}
      {said?.kind === 'report' ? <Report report={said.report} /> : null}
    </section>
  )
}

type TestReport = Extract<ResponseOf<typeof api.devices.testDevice>, { kind: 'report' }>['report']

function Report(props: { report: TestReport }) {
  const { t } = useTranslation('devices')
  const { report } = props
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(report.text)
      showToast(t('test.copied'))
    } catch (e) {
      // No clipboard without a secure connection: the text stands there to be marked.
      showToast(t('test.notCopied', { why: (e as Error).name }), { tone: 'trouble' })
    }
  }
  return (
    <>
      <p data-verdict={report.verdict}>
        <strong>{t(`test.verdict.${report.verdict}`)}</strong>
      </p>
      <pre className="device-detail__entry" {...scrollStop}>
        {report.text}
      </pre>
      <p>
        <button type="button" className="btn btn--small" onClick={() => void copy()}>
          {t('test.copy')}
        </button>
      </p>
    </>
  )
}
