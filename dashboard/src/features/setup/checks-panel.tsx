import type { Check } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { clockText } from '../../lib/time.ts'
import { Panel } from '../../ui/panel.tsx'
import { CheckState } from './health-state.tsx'
import { checkParts } from './said.ts'
import { useSaid } from './use-said.ts'

const worstFirst: readonly Check['state'][] = ['bad', 'unknown', 'attention', 'ok']

/** What only the page can see of a check: whether it is secure, and which zone this computer keeps. */
function useHere(): (c: Check) => Check {
  const { t } = useTranslation('setup')
  return (c) => {
    if (c.id === 'secureContext')
      return isSecureContext
        ? { ...c, state: 'ok', detail: t('here.secure') }
        : { ...c, state: 'attention', detail: t('here.insecure') }
    const browser = Intl.DateTimeFormat().resolvedOptions().timeZone
    if (c.id === 'timeZone' && c.detail && c.detail !== browser)
      return { ...c, detail: t('here.zone', { server: c.detail, browser }) }
    return c
  }
}

export function ChecksPanel(props: {
  checks: readonly Check[]
  serverTime: string
  onAgain: () => void
}) {
  const { t } = useTranslation('setup')
  const here = useHere()
  const said = useSaid()
  const checks = props.checks
    .map(here)
    .sort((a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state))
  const open = checks.filter((c) => c.state !== 'ok').length
  return (
    <Panel
      title={t('checks.title')}
      facts={t('checks.facts', { time: clockText(Date.parse(props.serverTime)) })}
    >
      <p className="checks__sum">
        {open === 0 ? t('checks.allFine') : t('checks.some', { n: open })}
        <button type="button" className="btn btn--small" onClick={props.onAgain}>
          {t('checks.again')}
        </button>
      </p>
      <dl className="checks">
        {checks.map((c) => (
          <div key={c.id} className="check" data-check={c.id} data-state={c.state}>
            <dt>{t(`check.${c.id}`)}</dt>
            <dd className="check__state">
              <CheckState state={c.state} />
            </dd>
            <dd className="check__text">
              {c.detail ? <span>{said(checkParts(c.id, c.detail))} · </span> : null}
              <span className="muted">{t(`why.${c.id}`)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
