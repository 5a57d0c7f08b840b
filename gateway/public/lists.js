// The three lists beside the banks: alarms, devices, what was asked for last.
import { $, clock, row, state, words } from '/page.js'
import { refusal } from '/words.js'

export function drawLists() {
  const worst = (a, b) => a.priority - b.priority
  const alarms = [...state.conditions].sort(worst).map((c) => {
    const where = [c.where.label ?? c.where.device, c.where.bank, c.where.room]
      .filter(Boolean)
      .join(' · ')
    const latch = c.latched ? ` · ${words.latched}` : ''
    const unit = c.unit === 'Cel' ? '℃' : ' %'
    const value = c.value === null ? '' : ` ${c.value}${unit}`
    return row(
      `${words.priority[c.priority]} ${words.kind[c.kind] ?? c.kind}${value}`,
      `${where}${latch}`,
      `p${c.priority}`,
    )
  })
  $('alarms').replaceChildren(...(alarms.length > 0 ? alarms : [row(words.noAlarms, '')]))
  $('devices').replaceChildren(
    ...state.devices.map((d) => {
      const bad = d.state !== 'online'
      const frames = d.badFrames > 0 ? ` · ${words.badFrames(d.badFrames)}` : ''
      return row(
        `${bad ? '▲ ' : ''}${d.label}`,
        `${words.health[d.state]} ${clock(d.since)}${frames}`,
        bad ? 'p2' : '',
      )
    }),
  )
  const commands = state.commands.slice(0, 8).map((c) => {
    const reason = c.reason ? `${words.colon}${refusal(words, c.reason)}` : ''
    const aisle = c.aisle === null ? '' : ` ${c.aisle}`
    return row(
      `${c.bank} ${words.verb[c.verb]}${aisle} · ${c.by}`,
      `${words.command[c.state]}${reason}`,
    )
  })
  $('commands').replaceChildren(...(commands.length > 0 ? commands : [row(words.noCommands, '')]))
}
