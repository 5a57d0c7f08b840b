import './key-list.css'
import { useTranslation } from 'react-i18next'
import { keyScopes } from '../lib/keys.ts'
import { useStore } from '../lib/store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { KeyHint } from '../ui/key-hint.tsx'
import { keyListOpen } from './global-keys.ts'

/** Made from the shortcuts that are registered now, so it cannot be out of date. */
export function KeyList() {
  const { t } = useTranslation()
  const open = useStore(keyListOpen)
  const scopes = useStore(keyScopes)
  if (!open) return null
  return (
    <Dialog title={t('keys.title')} onClose={() => keyListOpen.set(false)}>
      {[...scopes].reverse().map(({ current }) => (
        <section key={current.title} className="key-list">
          <h3>{current.title}</h3>
          <dl>
            {current.bindings
              .filter((b) => b.label)
              .map((b) => (
                <div key={b.keys}>
                  <dt>
                    {b.keys.split(' ').map((k, i) => (
                      <span key={k}>
                        {i > 0 ? ` ${t('keys.after')} ` : null}
                        <KeyHint keys={k} />
                      </span>
                    ))}
                  </dt>
                  <dd>{b.label}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}
