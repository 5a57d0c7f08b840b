import type { DeviceView, DoubtfulTimes, GatewayView } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { ageOf, momentText, useNow } from '../../lib/time.ts'
import { useAgeText } from '../../ui/age.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ContactTable } from './contact-table.tsx'
import { HealthState, levelOfDevice } from './health-state.tsx'
import { RoundNote } from './round-note.tsx'
import { devicePart } from './said.ts'
import { useBlindText } from './use-blind-text.ts'
import { useSaid } from './use-said.ts'

function Device(props: { device: DeviceView; now: number; stale: boolean }) {
  const { t } = useTranslation('setup')
  const said = useSaid()
  const blind = useBlindText()
  const { device: d, stale } = props
  // Behind a silent gateway a device that was online is not known to be online.
  const state = stale && d.state === 'online' ? 'unknown' : d.state
  return (
    <tr data-device={d.device} data-state={state}>
      <th scope="row">
        {d.label}
        {d.simulated ? (
          <span className="chip device__simulated">{t('devices.simulated')}</span>
        ) : null}
        <div className="muted device__id">
          {d.device} · {d.driver}
        </div>
      </th>
      <td>
        <HealthState level={levelOfDevice(state)} word={t(`devices.health.${state}`)} />
      </td>
      <td className="device__since">{momentText(d.since, props.now)}</td>
      <td>
        {d.detail ? said([devicePart(d.detail)]) : d.blind || d.rounds ? null : '–'}
        {d.rounds ? <RoundNote rounds={d.rounds} now={props.now} /> : null}
        {d.blind ? <div className="device__blind">{blind(d.blind, props.now)}</div> : null}
      </td>
      <td>{d.firmware ?? '–'}</td>
      <td className="device__count">{d.badFrames}</td>
    </tr>
  )
}

function DeviceTable(props: { gateway: GatewayView; now: number }) {
  const { t } = useTranslation('setup')
  const { gateway: g, now } = props
  if (g.devices.length === 0) return <p className="muted">{t('devices.none')}</p>
  return (
    <table className="devices">
      <thead>
        <tr>
          <th scope="col">{t('devices.device')}</th>
          <th scope="col">{t('devices.state')}</th>
          <th scope="col">{t('devices.since')}</th>
          <th scope="col">{t('devices.detail')}</th>
          <th scope="col">{t('devices.firmware')}</th>
          <th scope="col" className="device__count">
            {t('devices.badFrames')}
          </th>
        </tr>
      </thead>
      <tbody>
        {g.devices.map((d) => (
          <Device key={d.device} device={d} now={now} stale={!g.online} />
        ))}
      </tbody>
    </table>
  )
}

/** The first second of every start is in doubt, and right: that is no news once it is known. */
const isWorthSaying = (d: DoubtfulTimes) => d.corrected < d.records || d.mostMs >= 1000

/** Upload, clock and witness of one gateway, in words. */
function useGatewayFacts(): (g: GatewayView, now: number) => string[] {
  const { t } = useTranslation(['setup', 'common'])
  const age = useAgeText()
  const waited = (ms: number) => {
    const { unit, n } = ageOf(ms)
    return `${n} ${unit}`
  }
  return (g, now) => [
    t('gateways.heard', { ago: age(g.lastHeard === null ? null : now - Date.parse(g.lastHeard)) }),
    ...(g.clock ? [t('gateways.clock', { quality: t(`gateways.quality.${g.clock}`) })] : []),
    ...(g.doubtful && isWorthSaying(g.doubtful)
      ? [
          t('gateways.doubtful', {
            n: g.doubtful.records,
            corrected: g.doubtful.corrected,
            most: waited(g.doubtful.mostMs),
          }),
        ]
      : []),
    g.backlog === 0
      ? t('gateways.noBacklog')
      : t('gateways.backlog', { n: g.backlog }) +
        (g.oldestUnsentMs === null ? '' : t('gateways.oldest', { age: waited(g.oldestUnsentMs) })),
    ...(g.quarantined > 0 ? [t('gateways.quarantined', { n: g.quarantined })] : []),
    g.witnessedSize === null
      ? t('gateways.notWitnessed')
      : t('gateways.witnessed', { n: g.witnessedSize }),
    ...(g.software ? [t('gateways.software', { v: g.software })] : []),
  ]
}

function Gateway(props: { gateway: GatewayView }) {
  const { t } = useTranslation('setup')
  const now = useNow()
  const facts = useGatewayFacts()
  const { gateway: g } = props
  const state = g.online ? 'online' : 'offline'
  return (
    <section className="gateway" data-gateway={g.gateway} data-state={state}>
      <h3>
        {g.gateway}
        <HealthState level={g.online ? 'fine' : 'bad'} word={t(`gateways.${state}`)} />
        {g.held ? <HealthState level="attention" word={t('gateways.held')} /> : null}
        {g.consoleUrl ? (
          <a className="gateway__console" href={g.consoleUrl} target="_blank" rel="noreferrer">
            {t('gateways.console')}
          </a>
        ) : null}
      </h3>
      <p className="muted small">{facts(g, now).join(' · ')}</p>
      {g.online ? null : <p className="note">{t('gateways.stale')}</p>}
      <DeviceTable gateway={g} now={now} />
      <ContactTable contacts={g.contacts} now={now} />
    </section>
  )
}

export function GatewayPanel(props: { gateways: readonly GatewayView[] }) {
  const { t } = useTranslation('setup')
  const online = props.gateways.filter((g) => g.online).length
  return (
    <Panel
      title={t('gateways.title')}
      facts={t('gateways.facts', { online, total: props.gateways.length })}
    >
      {props.gateways.length === 0 ? <EmptyState title={t('gateways.none')} /> : null}
      {props.gateways.map((g) => (
        <Gateway key={g.gateway} gateway={g} />
      ))}
    </Panel>
  )
}
