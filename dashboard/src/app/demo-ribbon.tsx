import './strips.css'
import { api } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'

/** The demo has its own database; the ribbon says so for as long as it is open. */
export function DemoRibbon() {
  const { t } = useTranslation()
  const may = useMay(api.stack.getLayout)
  const layout = useCall(
    api.stack.getLayout,
    {},
    { enabled: may, staleTime: Number.POSITIVE_INFINITY },
  )
  return layout.data?.site === 'demo' ? (
    <div className="strip strip--demo">{t('demoLong')}</div>
  ) : null
}
