import './toast-stack.css'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../lib/store.ts'
import {
  dismissToast,
  putBack,
  showToast,
  type Toast,
  takeUndo,
  toastMs,
  toasts,
  undoable,
} from '../lib/toasts.ts'
import { useProblemText } from './error-note.tsx'
import { KeyHint } from './key-hint.tsx'

/** Undoes the newest act, or the one of a toast. */
export function useUndo(): (id?: number) => void {
  const { t } = useTranslation()
  const problem = useProblemText()
  return (id) => {
    const toast = takeUndo(id)
    if (!toast?.undo) {
      showToast(t('nothingToUndo'))
      return
    }
    const { what, run } = toast.undo
    run().then(
      () => showToast(t('undone', { what })),
      (e: unknown) => {
        putBack(toast)
        showToast(t('undoFailed', { what, why: problem(e).text }), { tone: 'trouble' })
      },
    )
  }
}

function Item(props: { toast: Toast }) {
  const { t } = useTranslation()
  const undo = useUndo()
  const { toast } = props
  const canUndo = useStore(undoable).some((u) => u.id === toast.id)
  useEffect(() => {
    const timer = setTimeout(() => dismissToast(toast.id), toastMs)
    return () => clearTimeout(timer)
  }, [toast.id])
  return (
    <li className={`toast toast--${toast.tone}`}>
      <span className="toast__text">{toast.text}</span>
      {canUndo ? (
        <button type="button" className="btn btn--small" onClick={() => undo(toast.id)}>
          {t('undo')} <KeyHint keys="Ctrl+Z" />
        </button>
      ) : null}
      <button
        type="button"
        className="btn btn--small btn--plain"
        onClick={() => dismissToast(toast.id)}
      >
        {t('close')}
      </button>
    </li>
  )
}

export function ToastStack() {
  const list = useStore(toasts)
  return (
    <ul className="toasts" aria-live="polite">
      {list.map((toast) => (
        <Item key={toast.id} toast={toast} />
      ))}
    </ul>
  )
}
