import './padlock.css'

/** The padlock: one of the few drawn signs, always beside its word. */
export function Padlock() {
  return (
    <svg className="padlock" viewBox="0 0 10 12" width="10" height="12" aria-hidden="true">
      <path d="M2.5 5.5V3.5a2.5 2.5 0 0 1 5 0v2" fill="none" strokeWidth="1.5" />
      <rect x="1" y="5.5" width="8" height="6" rx="1" />
    </svg>
  )
}
