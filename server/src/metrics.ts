import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Prometheus metrics of this process; one registry per process, so that tests do not share counters. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    collectDefaults: () => collectDefaultMetrics({ register: registry }),
    requests: new Histogram({
      name: 'lantai_http_request_seconds',
      help: 'Time to answer a request',
      labelNames: ['route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2],
      registers,
    }),
    batches: new Counter({
      name: 'lantai_ingest_batches_total',
      help: 'Batches by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    records: new Counter({
      name: 'lantai_ingest_records_total',
      help: 'Edge records that took effect, by type',
      labelNames: ['type'],
      registers,
    }),
    quarantined: new Counter({
      name: 'lantai_ingest_quarantined_total',
      help: 'Edge records kept raw because they could not be understood',
      registers,
    }),
    malformed: new Counter({
      name: 'lantai_malformed_total',
      help: 'Messages from outside that failed their schema, by door',
      labelNames: ['door'],
      registers,
    }),
    sockets: new Gauge({ name: 'lantai_live_sockets', help: 'Open live sockets', registers }),
    ledgerSize: new Gauge({ name: 'lantai_ledger_size', help: 'Entries in the ledger', registers }),
  }
}
export type Metrics = ReturnType<typeof createMetrics>
