import { expect, it } from '@jest/globals';
import { agent, ofKind, plane, withHelm } from './rendered-charts.ts';

const MANAGER = '/api/v1/alert-runbooks/Aetherius';
const links = (objects: Awaited<ReturnType<typeof plane>>): string[] =>
  [...JSON.stringify(ofKind(objects, 'PrometheusRule')).matchAll(/"runbook_url":"([^"]+)"/g)].map(
    ([, link = '']) => link,
  );
const ingress = { enabled: true, host: 'ops.example.com', tlsElsewhere: true };
const docs = 'https://git.example.com/aetherius/blob/main/';

withHelm('the link of an alert', () => {
  it.each([
    ['the docs', plane, { runbookBaseUrl: docs }, {}, `${docs}docs/runbooks/alerts.md#aetherius`],
    [
      'the manager',
      plane,
      {},
      { enrolment: { publicUrl: 'https://a.example.com/' } },
      `https://a.example.com${MANAGER}`,
    ],
    ['the host of the Ingress', plane, {}, { ingress }, `https://ops.example.com${MANAGER}`],
    [
      'a manager inside the cluster',
      plane,
      {},
      { enrolment: { publicUrl: 'http://manager.aetherius.svc:8080' } },
      `http://localhost:8080${MANAGER}`,
    ],
    ['a manager without an address', plane, {}, {}, `http://localhost:8080${MANAGER}`],
    ['the docs of an agent', agent, { runbookBaseUrl: docs }, {}, `${docs}docs/runbooks/alerts.md#aetherius`],
    ['the manager of an agent', agent, {}, { url: 'https://a.example.com' }, `https://a.example.com${MANAGER}`],
    ['an agent on the bus', agent, {}, { url: 'tls://bus.example.com:4222' }, `http://localhost:8080${MANAGER}`],
  ])('leads to where a browser finds its runbook: %s', async (_what, chart, rule, values, beginning) => {
    const found = links(await chart({ ...values, prometheusRule: { enabled: true, ...rule } }));
    expect(found.length).toBeGreaterThan(15);
    expect(found.filter((link) => !link.startsWith(beginning))).toEqual([]);
  });
});
