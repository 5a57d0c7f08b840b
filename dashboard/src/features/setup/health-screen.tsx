import './health.css'
import { api, type GatewayView } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { useLiveCall } from '../../lib/live-query.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Loading } from '../../ui/loading.tsx'
import { ChecksPanel } from './checks-panel.tsx'
import { GatewayPanel } from './gateway-panel.tsx'

/** A gateway in the news replaces the one of the same name; a new one comes last. */
export function mergeGateways(
  list: readonly GatewayView[],
  news: readonly GatewayView[],
): GatewayView[] {
  const byName = new Map(list.map((g) => [g.gateway, g]))
  for (const g of news) byName.set(g.gateway, g)
  return [...byName.values()]
}

export function HealthScreen() {
  const { t } = useTranslation(['setup', 'common'])
  const health = useLiveCall(api.gateways.getHealth, {}, 'health', (data, delta) => ({
    ...data,
    gateways: mergeGateways(data.gateways, delta.gateways),
  }))
  const again = () => void health.refetch()
  return (
    <div className="health-screen">
      <h1 className="sr-only">{t('title')}</h1>
      {health.error ? <ErrorNote error={health.error} onRetry={again} /> : null}
      {health.isPending ? <Loading /> : null}
      {health.data ? (
        <div className="health-screen__panels">
          <ChecksPanel
            checks={health.data.checks}
            serverTime={health.data.serverTime}
            onAgain={again}
          />
          <GatewayPanel gateways={health.data.gateways} />
        </div>
      ) : null}
    </div>
  )
}
