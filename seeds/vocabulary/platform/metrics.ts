import { jsonTexts, type Texts } from '../texts.js';

export interface Metric {
  /** As system_metrics.metric_name has it. */
  readonly name: string;
  /** As system_metrics.metric_unit has it. */
  readonly unit: string;
  /** On a quiet night and at the busiest hour. */
  readonly low: number;
  readonly high: number;
  /** Digits after the point, at most 4. */
  readonly decimals: number;
  /** JSON of system_metrics.tags. */
  readonly tags: Texts;
}

const hosts = ['api-1', 'api-2', 'api-3'].flatMap((host) => [{ host, region: 'ap-northeast-2' }]);
const databases = [
  { host: 'db-primary', role: 'primary', region: 'ap-northeast-2' },
  { host: 'db-replica-1', role: 'replica', region: 'ap-northeast-2' },
];
const endpoints = ['/rooms', '/messages', '/matches', '/sessions'].map((endpoint) => ({
  endpoint,
  method: 'GET',
}));
const caches = [{ host: 'cache-1', region: 'ap-northeast-2' }];

export const metrics: readonly Metric[] = [
  metric('cpu_usage', 'percent', 4, 82, 2, hosts),
  metric('memory_usage', 'percent', 38, 79, 2, hosts),
  metric('http_requests', 'per_second', 12, 940, 1, endpoints),
  metric('http_latency_p95', 'ms', 18, 260, 2, endpoints),
  metric('http_error_rate', 'percent', 0, 0.9, 4, endpoints),
  metric('websocket_connections', 'count', 140, 6_200, 0, hosts),
  metric('messages_per_minute', 'count', 25, 3_400, 0, hosts),
  metric('db_connections', 'count', 9, 74, 0, databases),
  metric('db_transactions', 'per_second', 40, 2_600, 1, databases),
  metric('db_cache_hit_ratio', 'percent', 98.2, 99.9, 3, databases),
  metric('replication_lag', 'ms', 1, 420, 1, [
    { host: 'db-replica-1', role: 'replica', region: 'ap-northeast-2' },
  ]),
  metric('disk_usage', 'percent', 31, 68, 2, databases),
  metric('cache_hit_ratio', 'percent', 84, 98, 2, caches),
  metric('cache_memory', 'megabytes', 310, 1_480, 1, caches),
  metric('active_sessions', 'count', 3, 310, 0, hosts),
  metric('push_delivery_rate', 'percent', 93, 99.6, 2, [{ provider: 'web-push' }, { provider: 'mobile' }]),
];

function metric(
  name: string,
  unit: string,
  low: number,
  high: number,
  decimals: number,
  tags: readonly object[],
): Metric {
  return { name, unit, low, high, decimals, tags: jsonTexts(tags) };
}
