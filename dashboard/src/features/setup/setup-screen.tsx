import './setup-screen.css'
import { api } from '@lantai/contracts'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCall } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loading } from '../../ui/loading.tsx'
import { DevicesTab } from '../devices/devices-tab.tsx'
import { VersionsTab } from '../devices/versions-tab.tsx'
import { HealthScreen } from './health-screen.tsx'

const route = getRouteApi('/shell/settings')
const pages = ['health', 'devices', 'versions'] as const

export function SetupScreen() {
  const { t } = useTranslation('devices')
  const { show = 'health', gateway } = route.useSearch()
  const mayDevices = useMay(api.devices.listDevices)
  const page = mayDevices ? show : 'health'
  if (!mayDevices) return <HealthScreen />
  return (
    <div className="setup-screen">
      <nav className="tabs" aria-label={t('tab.label')}>
        {pages.map((p) => (
          <Link
            key={p}
            to="/settings"
            search={{ show: p, ...(gateway ? { gateway } : {}) }}
            aria-current={p === page ? 'page' : undefined}
          >
            {t(`tab.${p}`)}
          </Link>
        ))}
      </nav>
      {page === 'health' ? <HealthScreen /> : <OfGateway page={page} />}
    </div>
  )
}

/** The gateway that the address names, else the first; to choose where there are several. */
function OfGateway(props: { page: 'devices' | 'versions' }) {
  const { t } = useTranslation('devices')
  const { gateway } = route.useSearch()
  const health = useCall(api.gateways.getHealth, {})
  const names = health.data?.gateways.map((g) => g.gateway) ?? []
  const chosen = names.find((n) => n === gateway) ?? names[0]
  if (health.isPending) return <Loading />
  if (!chosen) return <EmptyState title={t('noGateway')} />
  const Tab = props.page === 'devices' ? DevicesTab : VersionsTab
  return (
    <>
      {names.length > 1 ? (
        <nav className="tabs" aria-label={t('gateway')}>
          {names.map((n) => (
            <Link
              key={n}
              to="/settings"
              search={{ show: props.page, gateway: n }}
              aria-current={n === chosen ? 'page' : undefined}
            >
              {n}
            </Link>
          ))}
        </nav>
      ) : null}
      <Tab key={chosen} gateway={chosen} />
    </>
  )
}
