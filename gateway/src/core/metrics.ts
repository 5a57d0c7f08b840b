import { Counter, Gauge, Registry } from 'prom-client'

/** Prometheus text of this gateway. Names begin with `lantai_gateway_`. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `lantai_gateway_${name}`, help, labelNames, registers })
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name: `lantai_gateway_${name}`, help, labelNames, registers })
  return {
    registry,
    events: counter('driver_events_total', 'Events of drivers by kind', ['kind']),
    facts: counter('facts_total', 'Facts handed to the store', ['type']),
    refusedFacts: counter('facts_refused_total', 'Facts refused because a lane is full', ['type']),
    badReads: counter('bad_reads_total', 'Tag reads whose EPC is not one', ['device']),
    sent: counter('sent_items_total', 'Items sent, with repeats', ['lane']),
    rejected: counter('rejected_items_total', 'Items that the server quarantined', ['code']),
    refusedMessages: counter('refused_messages_total', 'Messages down that were refused', ['why']),
    backlog: gauge('backlog_items', 'Records not acknowledged', ['lane']),
    link: gauge('link_up', '1 while the link to the broker stands', []),
    driverRestarts: gauge('driver_restarts', 'Restarts of driver processes', []),
  }
}
export type Metrics = ReturnType<typeof createMetrics>
