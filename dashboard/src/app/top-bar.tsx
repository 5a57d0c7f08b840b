import './top-bar.css'
import { api } from '@lantai/contracts'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { SearchField } from '../features/search/search-field.tsx'
import { isMoving, useBanks } from '../lib/banks.ts'
import { useMay } from '../lib/session.ts'
import { fireShown, useStatus } from '../lib/status.ts'
import { stopTries } from '../lib/stop.ts'
import { useStore } from '../lib/store.ts'
import { StopButton } from '../ui/stop-button.tsx'
import { AccountMenu } from './account-menu.tsx'
import { AlarmBadge } from './alarm-badge.tsx'
import { LinkChip } from './link-chip.tsx'

function FireChip() {
  const { t } = useTranslation()
  const { status, live } = useStatus()
  const fire = fireShown(status, live)
  return (
    <output className={`chip fire-chip fire-chip--${fire}`} data-fire={fire}>
      {t(`fire.${fire}`)}
    </output>
  )
}

/** While something moves, and until the result of a stop has been seen. */
function MovingStop() {
  const banks = useBanks()
  const tries = useStore(stopTries)
  const all = banks.map((b) => b.view.bank)
  const moving = banks.filter(isMoving).map((b) => b.view.bank)
  if (moving.length === 0 && tries.size === 0) return null
  return (
    <StopButton
      banks={moving.length > 0 ? [...new Set([...moving, ...tries.keys()])] : all}
      compact
    />
  )
}

export function TopBar() {
  const { t } = useTranslation()
  const maySearch = useMay(api.records.search)
  return (
    <header className="top">
      <Link className="top__product" to="/">
        {t('product')}
      </Link>
      <div className="top__search">{maySearch ? <SearchField /> : null}</div>
      <div className="top__state">
        <MovingStop />
        <FireChip />
        <AlarmBadge />
        <LinkChip />
        <AccountMenu />
      </div>
    </header>
  )
}
