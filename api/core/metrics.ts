/** Prometheus metrics: one registry a process, no label that grows with the data. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
  return {
    registry,
    httpSeconds: new Histogram({
      name: 'lianke_http_request_seconds',
      help: 'Time to answer, by route',
      labelNames: ['method', 'route', 'status'],
      buckets: seconds,
      registers,
    }),
    sockets: new Gauge({ name: 'lianke_sockets', help: 'Open sockets of this process', labelNames: ['namespace'], registers }),
    callbacks: new Counter({
      name: 'lianke_channel_callbacks_total',
      help: 'Platform callbacks, by outcome',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    inbound: new Counter({
      name: 'lianke_inbound_events_total',
      help: 'Inbound events, by outcome',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    intakeBatch: new Histogram({
      name: 'lianke_intake_batch_size',
      help: 'Events written by one transaction',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
      registers,
    }),
    deliveries: new Counter({
      name: 'lianke_deliveries_total',
      help: 'Platform sends, by outcome',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    listenerFailures: new Counter({
      name: 'lianke_listener_failures_total',
      help: 'Failed listener runs',
      labelNames: ['listener'],
      registers,
    }),
  }
}
export type Metrics = ReturnType<typeof createMetrics>
