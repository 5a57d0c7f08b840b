/** Top bar, rail, screen; and everything that lives as long as somebody is signed in. */
import './shell.css'
import { Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useBankFeed } from '../lib/banks.ts'
import { useStatusFeed } from '../lib/status.ts'
import { useAlarmSound } from '../lib/use-alarm-sound.ts'
import { ToastStack } from '../ui/toast-stack.tsx'
import { DemoRibbon } from './demo-ribbon.tsx'
import { DesignProvider } from './design-provider.tsx'
import { FireStrip } from './fire-strip.tsx'
import { useGlobalKeys } from './global-keys.ts'
import { KeyList } from './key-list.tsx'
import { OfflineBar } from './offline-bar.tsx'
import { Rail } from './rail.tsx'
import { useScanner } from './scanner-edge.ts'
import { useSessionWatch } from './session-watch.ts'
import { TopBar } from './top-bar.tsx'

export function Shell() {
  const { t } = useTranslation()
  useSessionWatch()
  useStatusFeed()
  useBankFeed()
  useScanner()
  useGlobalKeys()
  useAlarmSound()
  return (
    <DesignProvider>
      <div className="shell">
        <a className="shell__skip" href="#main">
          {t('skip')}
        </a>
        <TopBar />
        <section className="shell__strips" aria-label={t('notices')}>
          <DemoRibbon />
          <OfflineBar />
          <FireStrip />
        </section>
        <Rail />
        <main className="shell__main" id="main" tabIndex={-1}>
          <Suspense fallback={<p className="muted">{t('loading')}</p>}>
            <Outlet />
          </Suspense>
        </main>
        <ToastStack />
        <KeyList />
      </div>
    </DesignProvider>
  )
}
