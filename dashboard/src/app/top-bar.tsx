import './top-bar.css'
import { api } from '@lantai/contracts'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { SearchField } from '../features/search/search-field.tsx'
import { isMoving, useBanks } from '../lib/banks.ts'
import { useMay } from '../lib/session.ts'
import { fireShown, useStatus } from '../lib/status.ts'
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

/** Only while something moves: a bank is drawn with a stop button of its own wherever it is drawn. */
function MovingStop() {
  const moving = useBanks()
    .filter(isMoving)
    .map((b) => b.view.bank)
  return moving.length > 0 ? <StopButton banks={moving} compact /> : null
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
