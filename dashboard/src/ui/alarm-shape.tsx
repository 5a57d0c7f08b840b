import './alarm-shape.css'
import type { Priority } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'

/** P1 ■, P2 ▲, P3 ●, shelved ◇: the shape keeps the meaning where colour is lost (ux 3). */
export type ShapeKind = Priority | 'shelved'

const paths: Readonly<Record<ShapeKind, string>> = {
  1: 'M2 2h12v12H2z',
  2: 'M8 1.5 15 14H1z',
  3: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z',
  shelved: 'M8 1 15 8 8 15 1 8z',
}
const words = { 1: 'p1', 2: 'p2', 3: 'p3', shelved: 'shelved' } as const

export const usePriorityWord = (): ((kind: ShapeKind) => string) => {
  const { t } = useTranslation()
  return (kind) => t(`priority.${words[kind]}`)
}

/** Colour, shape and word, always all three; `quiet` leaves the word to the reader of the screen only. */
export function AlarmShape(props: { kind: ShapeKind; hollow?: boolean; quiet?: boolean }) {
  const word = usePriorityWord()(props.kind)
  return (
    <span className={`shape shape--${words[props.kind]}`}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
        <path
          d={paths[props.kind]}
          fill={props.hollow || props.kind === 'shelved' ? 'none' : 'currentColor'}
          stroke="currentColor"
          strokeWidth="2"
          strokeLinejoin="round"
        />
      </svg>
      <span className={props.quiet ? 'sr-only' : 'shape__word'}>{word}</span>
    </span>
  )
}
