import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import {
  bare,
  blank,
  type Draft,
  keysOf,
  kindOf,
  memberOf,
  optionsOf,
  type Schema,
  tellingField,
  withAt,
} from './schema-form.ts'
import { useWords } from './use-words.ts'

interface FieldProps {
  readonly name: string
  readonly schema: Schema
  readonly draft: Draft
  readonly required: boolean
  readonly onChange: (draft: Draft) => void
}

/** One field of a device entry, whatever its shape; groups and lists hold further ones. */
export function Field(props: FieldProps) {
  switch (kindOf(props.schema)) {
    case 'fixed':
      return null
    case 'flag':
      return <Flag {...props} />
    case 'choice':
      return <Choice {...props} options={optionsOf(bare(props.schema)).map(String)} />
    case 'choices':
      return <Choices {...props} />
    case 'list':
      return <List {...props} />
    case 'group':
      return <Group {...props} />
    case 'variants':
      return <Variants {...props} />
    default:
      return <Line {...props} />
  }
}

const type = { number: 'text', numbers: 'text', words: 'text', text: 'text', secret: 'password' }

function Line({ name, schema, draft, required, onChange }: FieldProps) {
  const id = useId()
  const { label, hint } = useWords()
  const kind = kindOf(schema) as keyof typeof type
  const about = hint(schema, kind)
  return (
    <div className="df__field">
      <label className="label" htmlFor={id}>
        {label(name, schema)}
        <Mark required={required} />
      </label>
      <input
        id={id}
        className="field"
        type={type[kind]}
        inputMode={kind === 'number' ? 'decimal' : undefined}
        autoComplete="off"
        value={String(draft)}
        required={required}
        aria-describedby={about ? `${id}-about` : undefined}
        onChange={(e) => onChange(e.target.value)}
      />
      {about ? (
        <span className="muted small" id={`${id}-about`}>
          {about}
        </span>
      ) : null}
    </div>
  )
}

function Mark(props: { required: boolean }) {
  const { t } = useTranslation('devices')
  return props.required ? null : <span className="small"> {t('form.optional')}</span>
}

function Flag({ name, schema, draft, onChange }: FieldProps) {
  const { label } = useWords()
  return (
    <label className="df__flag">
      <input
        type="checkbox"
        checked={draft === true}
        onChange={(e) => onChange(e.target.checked)}
      />
      {label(name, schema)}
    </label>
  )
}

function Choice(props: FieldProps & { options: readonly string[] }) {
  const id = useId()
  const { label, option } = useWords()
  const { name, schema, draft, required, onChange, options } = props
  return (
    <div className="df__field">
      <label className="label" htmlFor={id}>
        {label(name, schema)}
        <Mark required={required} />
      </label>
      <select
        id={id}
        className="field"
        value={String(draft)}
        required={required}
        onChange={(e) => onChange(e.target.value)}
      >
        <option value="" />
        {options.map((o) => (
          <option key={o} value={o}>
            {option(o)}
          </option>
        ))}
      </select>
    </div>
  )
}

function Choices({ name, schema, draft, onChange }: FieldProps) {
  const { label, option } = useWords()
  const chosen = draft as string[]
  return (
    <fieldset className="df__group df__choices">
      <legend className="label">{label(name, schema)}</legend>
      {optionsOf(bare(schema).items ?? {}).map((o) => {
        const word = String(o)
        return (
          <label key={word} className="df__flag">
            <input
              type="checkbox"
              checked={chosen.includes(word)}
              onChange={(e) =>
                onChange(e.target.checked ? [...chosen, word] : chosen.filter((c) => c !== word))
              }
            />
            {option(word)}
          </label>
        )
      })}
    </fieldset>
  )
}

/** The fields of an object, without a frame of their own. */
export function Fields(props: {
  schema: Schema
  draft: Draft
  onChange: (draft: Draft) => void
  /** Fields that stand elsewhere. */
  without?: readonly string[]
}) {
  const { schema, draft, onChange, without = [] } = props
  const group = draft as { [key: string]: Draft }
  return keysOf(schema)
    .filter((key) => !without.includes(key))
    .map((key) => {
      const s = schema.properties?.[key] ?? {}
      return (
        <Field
          key={key}
          name={key}
          schema={s}
          draft={group[key] ?? blank(s)}
          required={schema.required?.includes(key) ?? false}
          onChange={(to) => onChange(withAt(draft, [key], to))}
        />
      )
    })
}

function Group({ name, schema, draft, onChange }: FieldProps) {
  const { label } = useWords()
  return (
    <fieldset className="df__group">
      <legend className="label">{label(name, schema)}</legend>
      <Fields schema={bare(schema)} draft={draft} onChange={onChange} />
    </fieldset>
  )
}

function Variants({ name, schema, draft, onChange }: FieldProps) {
  const { label } = useWords()
  const s = bare(schema)
  const key = tellingField(s) ?? ''
  const member = memberOf(s, draft)
  const options = (s.anyOf ?? []).map((m) => String(m.properties?.[key]?.const))
  return (
    <fieldset className="df__group">
      <legend className="label">{label(name, schema)}</legend>
      <Choice
        name={key}
        schema={member.properties?.[key] ?? {}}
        draft={String(member.properties?.[key]?.const)}
        required
        options={options}
        onChange={(to) => {
          const next = s.anyOf?.find((m) => String(m.properties?.[key]?.const) === to)
          if (next) onChange(blank(next))
        }}
      />
      <Fields schema={member} draft={draft} onChange={onChange} without={[key]} />
    </fieldset>
  )
}

function List({ name, schema, draft, onChange }: FieldProps) {
  const { t } = useTranslation('devices')
  const { label } = useWords()
  const s = bare(schema)
  const rows = draft as Draft[]
  const items = s.items ?? {}
  return (
    <fieldset className="df__group">
      <legend className="label">
        {label(name, schema)} · {rows.length}
      </legend>
      {rows.map((row, i) => (
        <div key={i} className="df__row">
          {kindOf(items) === 'group' ? (
            <Fields
              schema={items}
              draft={row}
              onChange={(to) => onChange(withAt(draft, [i], to))}
            />
          ) : (
            <Field
              name={`${i + 1}`}
              schema={items}
              draft={row}
              required
              onChange={(to) => onChange(withAt(draft, [i], to))}
            />
          )}
          <button
            type="button"
            className="btn btn--small"
            disabled={rows.length <= (s.minItems ?? 0)}
            onClick={() => onChange(rows.filter((_, at) => at !== i))}
          >
            {t('form.removeRow', { n: i + 1 })}
          </button>
        </div>
      ))}
      <button
        type="button"
        className="btn btn--small"
        disabled={rows.length >= (s.maxItems ?? Number.POSITIVE_INFINITY)}
        onClick={() => onChange([...rows, blank(items)])}
      >
        {t('form.addRow')}
      </button>
    </fieldset>
  )
}
