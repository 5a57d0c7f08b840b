// The one dialog: what a person confirms, says and signs before the gateway is asked.
import { $, el, words } from '/page.js'

let asked = null

/**
 * `choices`: `{ name, label, options: [{ value, label }] }`, one of which must be chosen; none is beforehand.
 * `reason: false` asks for none; `confirm`: what the person confirms of the place; `second`: another one signs.
 * The first field has the focus, never a button.
 */
export function openDialog(question) {
  asked = question
  const { choices } = question
  $('ask').querySelector('form').reset()
  $('ask-title').textContent = question.title
  $('ask-note').textContent = question.note
  $('ask-go').textContent = question.go
  $('ask-choices').hidden = !choices
  $('ask-choice').required = Boolean(choices)
  $('ask-choices-label').textContent = choices?.label ?? ''
  $('ask-choice').replaceChildren(
    ...(choices ? [{ value: '', label: words.choose }, ...choices.options] : []).map(option),
  )
  $('ask-reason').hidden = question.reason === false
  $('ask-reason').querySelector('input').disabled = question.reason === false
  $('ask-confirm').hidden = !question.confirm
  $('ask-confirmed').textContent = question.confirm ?? ''
  $('ask-second').hidden = !question.second
  $('ask-error').textContent = ''
  $('ask').showModal()
}

function option({ value, label }) {
  const o = el('option', { text: label })
  o.value = value
  return o
}

function bodyOf(form) {
  const { choices, reason, confirm, second } = asked
  return {
    ...(choices ? { [choices.name]: JSON.parse(form.get('choice')) } : {}),
    ...(reason === false ? {} : { reason: form.get('reason') }),
    ...(confirm ? { confirmedOnSite: true } : {}),
    ...(second ? { second: { account: form.get('account'), password: form.get('password') } } : {}),
  }
}

/** `look`: reads the state anew, whatever was answered. */
export function watchDialog(look) {
  $('ask-cancel').addEventListener('click', () => $('ask').close())
  $('ask').addEventListener('close', () => $('ask').querySelector('form').reset())
  $('ask')
    .querySelector('form')
    .addEventListener('submit', async (event) => {
      event.preventDefault()
      const form = new FormData(event.target)
      if (asked.confirm && !form.get('confirmed')) {
        $('ask-error').textContent = words.needConfirm
        return
      }
      $('ask-error').textContent = ''
      $('ask-go').disabled = true
      const body = bodyOf(form)
      const answer = await asked.post(body)
      $('ask-go').disabled = false
      if (answer.ok) {
        $('ask').close()
        asked.done?.(body)
      } else $('ask-error').textContent = answer.text
      await look()
    })
}
