/** What Prometheus scrapes: counters since this process started, gauges of this moment. */
import { DROP_REASONS, type SiteCounts } from './counters.ts';
import type { InserterStatus } from './insert.ts';
import type { SpoolStatus } from './spool/spool.ts';

export type MetricsWorld = {
  version: string;
  counts: () => ReadonlyMap<string, SiteCounts>;
  spool: () => SpoolStatus;
  inserter: () => InserterStatus;
  isDatabaseUp: () => Promise<boolean>;
  now: () => number;
  /** Of the whole process, as `process` tells them. */
  residentBytes: () => number;
  cpuSeconds: () => number;
};

type Sample = { labels?: Record<string, string>; value: number };
type Metric = { name: string; kind: 'counter' | 'gauge'; help: string; samples: Sample[] };

/**
 * The text of prometheus.io/docs/instrumenting/exposition_formats. An accepted event is soon stored or dropped as
 * `duplicate` or `dead_letter`: the difference is what waits in the spool.
 */
export async function metricsText(world: MetricsWorld): Promise<string> {
  const isUp = await world.isDatabaseUp();
  const metrics = [
    ...eventMetrics(world.counts()),
    ...spoolMetrics(world),
    ...inserterMetrics(world),
    ...processMetrics(world, isUp),
  ];
  return metrics.map(print).join('');
}

function eventMetrics(counts: ReadonlyMap<string, SiteCounts>): Metric[] {
  const sites = [...counts];
  const perSite = (read: (site: SiteCounts) => number): Sample[] =>
    sites.map(([site, one]) => ({ labels: { site }, value: read(one) }));
  const dropped = sites.flatMap(([site, one]) =>
    DROP_REASONS.filter((reason) => one.dropped[reason] !== undefined).map((reason) => ({
      labels: { site, reason },
      value: one.dropped[reason] ?? 0,
    })),
  );
  return [
    counter(
      'footfall_events_accepted_total',
      'Events acknowledged with 202: they are on disk.',
      perSite((one) => one.accepted),
    ),
    counter(
      'footfall_events_stored_total',
      'Events brought into ClickHouse.',
      perSite((one) => one.stored),
    ),
    counter('footfall_events_dropped_total', 'Events not stored, by reason.', dropped),
  ];
}

function spoolMetrics({ spool }: MetricsWorld): Metric[] {
  const status = spool();
  return [
    gauge('footfall_spool_ready', '1 while new events are taken.', Number(status.isReady)),
    gauge('footfall_spool_bytes', 'Bytes on disk: segments, dead letters and quarantine.', status.bytes),
    gauge('footfall_spool_max_bytes', 'Bytes at which new events are refused.', status.maxBytes),
    gauge('footfall_spool_segments', 'Files of rows that wait for ClickHouse.', status.segments),
    gauge(
      'footfall_spool_oldest_seconds',
      'How long the oldest row has waited; 0 when none waits.',
      status.oldestAgeMs / 1_000,
    ),
    gauge('footfall_disk_free_bytes', 'Bytes left on the disk of the data directory.', status.freeBytes),
    gauge('footfall_dead_letter_files', 'Files of rows that ClickHouse refused.', status.deadLetterFiles),
    counterOf('footfall_spool_torn_bytes_total', 'Bytes of torn last writes cut off.', status.tornBytes),
    counterOf(
      'footfall_spool_corrupt_bytes_total',
      'Bytes put aside because their checksum was wrong.',
      status.corruptBytes,
    ),
  ];
}

function inserterMetrics({ inserter, now }: MetricsWorld): Metric[] {
  const { batches, rows, lastBatchMs, failing } = inserter();
  return [
    counterOf('footfall_insert_batches_total', 'Batches brought into ClickHouse.', batches),
    counterOf('footfall_insert_rows_total', 'Rows of those batches, repeats included.', rows),
    gauge('footfall_insert_seconds', 'How long the last batch took.', lastBatchMs / 1_000),
    gauge(
      'footfall_insert_failing_seconds',
      'For how long nothing could be inserted; 0 while all is well.',
      failing ? (now() - failing.since) / 1_000 : 0,
    ),
  ];
}

function processMetrics({ version, residentBytes, cpuSeconds }: MetricsWorld, isUp: boolean): Metric[] {
  return [
    { ...gauge('footfall_info', 'Which Footfall this is.', 1), samples: [{ labels: { version }, value: 1 }] },
    gauge('footfall_database_up', '1 while ClickHouse answers.', Number(isUp)),
    gauge(
      'process_resident_memory_bytes',
      'Memory of this process, without the embedded engine.',
      residentBytes(),
    ),
    counterOf('process_cpu_seconds_total', 'Processor time of this process.', cpuSeconds()),
  ];
}

function counter(name: string, help: string, samples: Sample[]): Metric {
  return { name, kind: 'counter', help, samples };
}

function counterOf(name: string, help: string, value: number): Metric {
  return counter(name, help, [{ value }]);
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, kind: 'gauge', help, samples: [{ value }] };
}

function print({ name, kind, help, samples }: Metric): string {
  const lines = samples.map(({ labels, value }) => `${name}${printLabels(labels)} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`, ...lines, ''].join('\n');
}

function printLabels(labels: Record<string, string> | undefined): string {
  if (!labels) return '';
  const quote = (text: string) => text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${quote(value)}"`)
    .join(',')}}`;
}
