import './notes.css'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../lib/api.ts'

/** What happened, what is safe, what to do next, and the code (ux 3). */
export const useProblemText = (): ((error: unknown) => {
  text: string
  code: string
  detail: string | undefined
}) => {
  const { t } = useTranslation('problems')
  return (error) => {
    const known = error instanceof ApiProblem
    const code = known ? error.code : 'internal'
    return { text: t(code), code, detail: known ? error.detail : undefined }
  }
}

export function ErrorNote(props: { error: unknown; onRetry?: (() => void) | undefined }) {
  const { t } = useTranslation()
  const { text, code, detail } = useProblemText()(props.error)
  return (
    <div className="note note--error" role="alert">
      <p>{text}</p>
      {detail ? <p className="muted small">{t('error.server', { detail })}</p> : null}
      <p className="note__foot">
        {props.onRetry ? (
          <button type="button" className="btn btn--small" onClick={props.onRetry}>
            {t('retry')}
          </button>
        ) : null}
        <code className="muted">{t('error.code', { code })}</code>
      </p>
    </div>
  )
}
