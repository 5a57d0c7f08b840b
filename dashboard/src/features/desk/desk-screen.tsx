/** 借阅台: may he have it, and is it done? One field, three beats: card → boxes → done (ux 4.5). */
import '../../ui/panel.css'
import './desk.css'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useKeys } from '../../lib/keys.ts'
import { useScan } from '../../lib/scanner.ts'
import { soundOn } from '../../lib/sound.ts'
import { useStore } from '../../lib/store.ts'
import { KeyHint } from '../../ui/key-hint.tsx'
import { BorrowerPanel } from './borrower-panel.tsx'
import { beatOf, type DeskMode, type DeskState } from './desk-state.ts'
import { DueField } from './due-field.tsx'
import { LoansPanel } from './loans-panel.tsx'
import { Finish, ScanList } from './scan-list.tsx'
import { defaultDue, useDesk } from './use-desk.ts'
import { useDeskReader } from './use-desk-reader.ts'

const modes = [
  ['issue', 'Alt+U'],
  ['return', 'Alt+R'],
  ['ask', 'Alt+Q'],
] as const

export function DeskScreen() {
  const search = useSearch({ strict: false }) as { mode?: DeskMode; box?: string }
  const navigate = useNavigate()
  const desk = useDesk(search.mode ?? 'issue')
  const { state, dispatch } = desk
  const field = useRef<HTMLInputElement>(null)
  const dueField = useRef<HTMLInputElement>(null)

  const setMode = (mode: DeskMode) => {
    dispatch({ type: 'mode', mode })
    void navigate({ to: '/desk', search: mode === 'issue' ? {} : { mode }, replace: true })
    field.current?.focus()
  }
  useScan(
    (scan) => {
      desk.submit(scan.text)
      return true
    },
    { session: true },
  )
  const tags = useDeskReader((tag) => {
    // A return closes a loan, so a box that merely lies on the reader is offered, not returned.
    if (state.mode === 'return') return
    if (state.mode === 'issue' && !state.borrower && !tag.card) return
    if (tag.card ?? tag.box) desk.submit(tag.card ?? tag.box ?? '')
  })
  // The button that was pressed goes away with its row: the next thing typed belongs into the one field.
  const toField = (act: () => void) => {
    act()
    field.current?.focus()
  }
  useDeskKeys(state, dispatch, setMode, dueField)
  useBeginWith(search.box, desk.submit)
  return (
    <div className="desk">
      <BorrowerPanel borrower={state.borrower} mode={state.mode} />
      <section className="panel desk__work">
        <ModeBar mode={state.mode} onMode={setMode} />
        <ScanField ref={field} state={state} onSubmit={desk.submit} />
        {state.mode === 'issue' ? (
          <div className="desk__row">
            <div className="desk__terms">
              <Beats state={state} />
              <DueField
                ref={dueField}
                due={state.due}
                onDue={(due) => dispatch({ type: 'due', due })}
              />
            </div>
            <Finish state={state} onFinish={() => toField(desk.finish)} />
          </div>
        ) : null}
        <ScanList
          state={state}
          tags={tags}
          onDismiss={(key) => toField(() => dispatch({ type: 'dismiss', key }))}
          onRemove={(code) => toField(() => dispatch({ type: 'remove', code }))}
          onTag={(tag) => toField(() => desk.submit(tag.box ?? tag.epc))}
        />
      </section>
      <LoansPanel />
    </div>
  )
}

/** A box that came with the link (from the stack or a message) begins the work, once. */
function useBeginWith(box: string | undefined, submit: (text: string) => void) {
  const begun = useRef(false)
  useEffect(() => {
    if (!box || begun.current) return
    begun.current = true
    submit(box)
  })
}

function useDeskKeys(
  state: DeskState,
  dispatch: ReturnType<typeof useDesk>['dispatch'],
  setMode: (m: DeskMode) => void,
  due: React.RefObject<HTMLInputElement | null>,
) {
  const { t } = useTranslation('desk')
  const toDue = () => {
    due.current?.focus()
    due.current?.select()
  }
  useKeys(t('title'), [
    ...modes.map(([mode, keys]) => ({
      keys,
      label: t(`keys.${mode}`),
      inFields: true,
      run: () => setMode(mode),
    })),
    { keys: 'd', label: t('keys.due'), run: toDue },
    { keys: 'Alt+D', inFields: true, run: toDue },
    {
      keys: 'Escape',
      label: t('keys.clear'),
      inFields: true,
      run: () => dispatch({ type: 'clear', due: defaultDue() }),
    },
    {
      keys: 'Ctrl+Z',
      label: t('keys.undo'),
      inFields: true,
      run: () => {
        const last = state.lines[0]
        // Nothing scanned is waiting: the last finished act is meant.
        if (!last) return false
        dispatch({ type: 'remove', code: last.code })
        return true
      },
    },
  ])
}

function ModeBar(props: { mode: DeskMode; onMode: (m: DeskMode) => void }) {
  const { t } = useTranslation('desk')
  const sound = useStore(soundOn)
  return (
    <fieldset className="desk__modes" aria-label={t('mode.label')}>
      {modes.map(([mode, keys]) => (
        <button
          key={mode}
          type="button"
          className="btn"
          aria-pressed={props.mode === mode}
          onClick={() => props.onMode(mode)}
        >
          {t(`mode.${mode}`)} <KeyHint keys={keys} />
        </button>
      ))}
      <button
        type="button"
        className="btn btn--small desk__sound"
        aria-pressed={sound}
        onClick={() => soundOn.set(!sound)}
      >
        {t(sound ? 'sound.on' : 'sound.off')}
      </button>
    </fieldset>
  )
}

function ScanField(props: {
  ref: React.Ref<HTMLInputElement>
  state: DeskState
  onSubmit: (text: string) => void
}) {
  const { t } = useTranslation('desk')
  const [text, setText] = useState('')
  const { state } = props
  const beat = beatOf(state)
  const hint =
    state.mode === 'issue'
      ? t(
          beat === 'card'
            ? 'field.issueCard'
            : beat === 'boxes'
              ? 'field.issueBoxes'
              : 'field.issueDone',
        )
      : t(`field.${state.mode}`)
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        props.onSubmit(text)
        setText('')
      }}
    >
      <input
        ref={props.ref}
        className="field desk__field"
        // biome-ignore lint/a11y/noAutofocus: the desk is one field; a wedge scanner needs nothing else
        autoFocus
        autoComplete="off"
        spellCheck={false}
        maxLength={140}
        aria-label={t('field.label')}
        placeholder={hint}
        value={text}
        onChange={(e) => setText(e.target.value)}
        // Enter that ends a composition is not an Enter of the person.
        onKeyDown={(e) => {
          if (e.key === 'Enter' && e.nativeEvent.isComposing) e.preventDefault()
        }}
      />
    </form>
  )
}

const beats = ['card', 'boxes', 'done'] as const

function Beats(props: { state: DeskState }) {
  const { t } = useTranslation('desk')
  const now = beats.indexOf(beatOf(props.state))
  return (
    <ol className="beats" aria-label={t('beat.label')}>
      {beats.map((b, i) => (
        <li
          key={b}
          className={i < now ? 'beat beat--past' : i === now ? 'beat beat--now' : 'beat'}
          aria-current={i === now ? 'step' : undefined}
        >
          <b>{i + 1}</b> {t(`beat.${b}`)}
        </li>
      ))}
    </ol>
  )
}
