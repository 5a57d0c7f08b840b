import './stop-button.css'
import { useTranslation } from 'react-i18next'
import { link } from '../lib/live.ts'
import { useStop } from '../lib/stop.ts'
import { useStore } from '../lib/store.ts'
import { KeyHint } from './key-hint.tsx'

/**
 * 请求停止: one tap, no dialogue, every signed-in role; it may be repeated and is never the only stop (rule S7).
 * Shows its own result, and always the sentence that it is no emergency stop.
 */
export function StopButton(props: { banks: readonly string[]; compact?: boolean }) {
  const { t } = useTranslation()
  const offline = useStore(link) === 'lost'
  const { request, message, trouble } = useStop(props.banks)
  return (
    <div className={props.compact ? 'stop stop--compact' : 'stop'}>
      {offline ? (
        <strong className="stop__button stop__button--off">{t('stop.offline')}</strong>
      ) : (
        <button type="button" className="stop__button" onClick={() => request()}>
          <span className="stop__sign" aria-hidden="true" />
          {t('stop.label')}
          <KeyHint keys={t('stop.key')} />
        </button>
      )}
      <span className="stop__caption">{t('stop.caption')}</span>
      <output className={trouble ? 'stop__result stop__result--trouble' : 'stop__result'}>
        {message}
      </output>
    </div>
  )
}
