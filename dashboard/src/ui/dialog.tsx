import './dialog.css'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'

/** The browser's own modal dialog: keeps the focus inside, closes by Esc, needs no inline style under our CSP. */
export function Dialog(props: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation()
  const id = useId()
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      className="dialog"
      ref={ref}
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault()
        props.onClose()
      }}
    >
      <header className="dialog__head">
        <h2 id={id}>{props.title}</h2>
        <button type="button" className="btn btn--small" onClick={props.onClose}>
          {t('close')}
        </button>
      </header>
      {props.children}
    </dialog>
  )
}
