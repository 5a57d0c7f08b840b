import './key-hint.css'

const shown: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  ArrowUp: '\u2191',
  ArrowDown: '\u2193',
  ArrowLeft: '\u2190',
  ArrowRight: '\u2192',
}

/** The key of an act, beside its word. */
export function KeyHint(props: { keys: string }) {
  return (
    <kbd className="kbd">
      {shown[props.keys] ?? (props.keys.length === 1 ? props.keys.toUpperCase() : props.keys)}
    </kbd>
  )
}
