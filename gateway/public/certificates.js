// Certificates that wait for a person: compared with what the device itself shows, and approved with a reason.
import { openDialog } from '/ask.js'
import { $, button, call, el, redraw, state, words } from '/page.js'

const mayTrust = (me) =>
  me !== null && (me.roles.includes('systemOfficer') || me.roles.includes('securityOfficer'))
const day = (iso) => iso.slice(0, 10)
/** In groups of two bytes, which an eye can follow. */
const grouped = (hex) =>
  hex
    .toUpperCase()
    .replaceAll(':', '')
    .match(/.{1,4}/g)
    .join(' ')

function approve(c, who) {
  openDialog({
    title: `${words.approve} · ${who}`,
    note: `${words.approveNote} SHA-256 ${grouped(c.fingerprint)}`,
    go: words.approve,
    post: (body) => call('POST', `/local/certificates/${c.thumbprint}/approve`, body),
  })
}

function certificate(c) {
  const who = c.devices.map((d) => d.label).join('、') || words.noDevice
  const facts = [
    [words.subject, [c.subject, c.names].filter(Boolean).join(' · ')],
    ['SHA-256', grouped(c.fingerprint), 'print'],
    ['SHA-1', grouped(c.thumbprint), 'print'],
    [words.valid, `${day(c.validFrom)} – ${day(c.validTo)}`],
  ]
  const list = facts.flatMap(([name, text, className]) => [
    el('dt', { text: name }),
    el('dd', { text, className }),
  ])
  const go = button(words.approve, '', () => approve(c, who), mayTrust(state.me))
  go.id = `approve-${c.thumbprint}`
  const hint = mayTrust(state.me) ? [] : [el('span', { text: words.trustRole, className: 'muted' })]
  return el(
    'li',
    { className: 'certificate' },
    el('strong', { text: `▲ ${who}` }),
    el('dl', {}, ...list),
    el('div', { className: 'acts' }, go, ...hint),
  )
}

export function drawCertificates() {
  const { certificates } = state
  $('certificates-section').hidden = certificates.length === 0
  redraw($('certificates'), certificates, () => certificates.map(certificate))
}
