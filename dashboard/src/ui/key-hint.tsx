import './key-hint.css'

/** The key of an act, beside its word. */
export function KeyHint(props: { keys: string }) {
  return <kbd className="kbd">{props.keys}</kbd>
}
