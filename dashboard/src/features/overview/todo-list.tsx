import './todo-list.css'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSteady } from '../../lib/steady.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { Overview } from './judge-day.ts'

type Todo = Overview['todo'][number]

export function TodoList(props: { todo: readonly Todo[] }) {
  const { t } = useTranslation('overview')
  const navigate = useNavigate()
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
              {x.detail ? <span className="todo__detail">{x.detail}</span> : null}
            </a>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
