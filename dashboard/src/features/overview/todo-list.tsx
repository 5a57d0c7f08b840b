import './todo-list.css'
import type { LayoutBank } from '@lantai/contracts'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSteady } from '../../lib/steady.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Panel } from '../../ui/panel.tsx'
import { checkParts } from '../setup/said.ts'
import { useSaid } from '../setup/use-said.ts'
import type { Overview } from './judge-day.ts'

type Todo = Overview['todo'][number]

/** What the server adds to a row, in words of the screen: banks by their labels, the ledger as 体检 says it. */
function useDetail(banks: readonly LayoutBank[]): (x: Todo) => string | null {
  const { t } = useTranslation('overview')
  const said = useSaid()
  const labels = new Map(banks.map((b): [string, string] => [b.bank, b.label]))
  return ({ kind, detail }) => {
    if (!detail) return null
    if (kind === 'ledger') return said(checkParts('ledger', detail))
    if (kind !== 'notReleased') return detail
    const ids = detail.split(', ')
    return ids.map((id) => labels.get(id) ?? id).join(t('todo.and'))
  }
}

export function TodoList(props: { todo: readonly Todo[]; banks: readonly LayoutBank[] }) {
  const { t } = useTranslation('overview')
  const navigate = useNavigate()
  const detailOf = useDetail(props.banks)
  const { rows, hold } = useSteady(props.todo, (x) => x.kind)
  const facts = rows.length > 0 ? t('todo.facts', { n: rows.length }) : null
  return (
    <Panel title={t('todo.title')} facts={facts}>
      {rows.length === 0 ? <EmptyState title={t('todo.none')} /> : null}
      <ul className="todo" {...hold}>
        {rows.map((x) => (
          <li key={x.kind}>
            <a
              href={x.open}
              onClick={(e) => {
                e.preventDefault()
                void navigate({ href: x.open })
              }}
            >
              <span className="todo__what">{t(`todo.${x.kind}`)}</span>
              <span className="todo__count">{t(`todo.unit.${x.kind}`, { n: x.count })}</span>
              {x.detail ? <span className="todo__detail">{detailOf(x)}</span> : null}
            </a>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
