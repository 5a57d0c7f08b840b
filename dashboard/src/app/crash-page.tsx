import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../lib/api.ts'
import { ErrorNote } from '../ui/error-note.tsx'
import { PageNote } from './page-note.tsx'

/** A screen that could not be drawn, or a server that could not be asked. No stack trace, no red page (ux 3). */
export function CrashPage(props: { error: unknown }) {
  const { t } = useTranslation()
  return (
    <PageNote title={t('crash.title')}>
      {props.error instanceof ApiProblem ? (
        <ErrorNote error={props.error} />
      ) : (
        <p>{t('crash.text')}</p>
      )}
      <button type="button" className="btn btn--filled" onClick={() => location.reload()}>
        {t('crash.reload')}
      </button>
    </PageNote>
  )
}
