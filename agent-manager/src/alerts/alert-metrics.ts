import { Counter, type Registry } from '@aetherius/shared/metrics';
import { ALERTS_PATH } from './alert-routes.ts';

const parsed = { source: 'alertmanager' } as const;
/** What a status says of the message that was refused; whatever else is no fault of its form. */
const reasons: Record<string, string> = { 400: 'invalid', 413: 'too_large', 415: 'not_json' };

/**
 * Alerts of others on their way in, under the names that dashboards of such systems expect. Messages are read from the counter of
 * requests, so that the two can never differ; alerts are counted as they are stored.
 */
export function createAlertMetrics(metrics: Registry) {
  const registers = [metrics];
  const requests = async (): Promise<{ status: string; value: number }[]> => {
    const all = (await metrics.getSingleMetric('http_requests_total')?.get())?.values ?? [];
    return all
      .filter(({ labels }) => labels['route'] === ALERTS_PATH)
      .map(({ labels, value }) => ({ status: String(labels['status']), value }));
  };
  new Counter({
    name: 'aegis_alert_api_parse_success_total',
    help: 'Messages with alerts that were understood',
    labelNames: ['source'],
    registers,
    async collect() {
      this.reset();
      const understood = (await requests()).filter(({ status }) => status.startsWith('2'));
      this.inc(
        parsed,
        understood.reduce((sum, { value }) => sum + value, 0),
      );
    },
  });
  new Counter({
    name: 'aegis_alert_api_parse_failure_total',
    help: 'Messages with alerts that were not understood, by reason',
    labelNames: ['source', 'reason'],
    registers,
    async collect() {
      this.reset();
      for (const reason of Object.values(reasons)) this.inc({ ...parsed, reason }, 0);
      for (const { status, value } of await requests())
        if (reasons[status] !== undefined) this.inc({ ...parsed, reason: reasons[status] }, value);
    },
  });
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  return {
    stored: counter('aegis_alert_create_success_total', 'Alerts that were new and are stored as events'),
    failed: counter('aegis_alert_create_failure_total', 'Alerts that could not be stored'),
  };
}
