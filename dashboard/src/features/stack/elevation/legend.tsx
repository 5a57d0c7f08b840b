import { useSay } from '../say.ts'

const states = ['onShelf', 'room', 'lent', 'unread', 'misplaced', 'target'] as const

/** One line; every state by its shape, not by its colour alone. */
export function Legend() {
  const say = useSay()
  return (
    <ul className="legend">
      {states.map((s) => (
        <li key={s}>
          <span className={`legend__sample spine spine--${s}`} aria-hidden="true">
            {s === 'lent'
              ? say('slot.lentMark')
              : s === 'unread'
                ? '?'
                : s === 'misplaced'
                  ? '!'
                  : null}
          </span>
          {say(`slot.${s}`)}
        </li>
      ))}
    </ul>
  )
}
