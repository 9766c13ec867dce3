import { describe, expect, it } from '@jest/globals';
import { allInShort, pasted } from '../../test/pasted.ts';

const row = (targets: string, ...counts: number[]): string => {
  const [least, most, now] = counts.map((count) => String(count).padEnd(10));
  return `$ kubectl get hpa -n shop
NAME   REFERENCE        ${'TARGETS'.padEnd(30)}MINPODS   MAXPODS   REPLICAS  AGE
web    Deployment/web   ${targets.padEnd(30)}${least}${most}${now}30d
`;
};
const described = (
  metric: string,
  limited = 'True    TooManyReplicas   the desired replica count is more than the maximum replica count',
): string =>
  `Name:                                                  web
Namespace:                                             shop
Reference:                                             Deployment/web
Metrics:                                               ( current / target )
  resource cpu on pods  (as a percentage of request):  ${metric}
Min replicas:                                          2
Max replicas:                                          8
Deployment pods:                                       8 current / 8 desired
Conditions:
  Type            Status  Reason            Message
  ----            ------  ------            -------
  AbleToScale     True    ReadyForNewScale  recommended size matches current size
  ScalingActive   True    ValidMetricFound  the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)
  ScalingLimited  ${limited}
`;
const capped = ['autoscaler_misconfiguration HorizontalPodAutoscaler shop/web'];
const fine = ['no_incident HorizontalPodAutoscaler shop/web'];

describe('an autoscaler at its maximum', () => {
  it.each([
    ['by a row', row('cpu: 97%/60%', 2, 8, 8), capped],
    ['by a row of an older kubectl', row('148%/70%', 1, 10, 10), capped],
    ['by the second of its figures', row('memory: 40%/80%, cpu: 97%/60%', 2, 8, 8), capped],
    ['by its description', described('97% (485m) / 60%'), capped],
  ])('is told of where the load is above the target, %s', (_, text, expected) => {
    expect(allInShort(pasted({ 'x.txt': text }))).toEqual(expected);
  });

  it.each([
    ['has replicas left', row('cpu: 97%/60%', 2, 8, 6)],
    ['is within the tolerance of the target', row('cpu: 63%/60%', 2, 8, 8)],
    ['is below the target', row('cpu: 40%/60%', 2, 8, 8)],
    ['has no figure', described('40% (200m) / 60%')],
    [
      'says itself that it is not limited',
      described('97% (485m) / 60%', 'False   DesiredWithinRange   the desired count is within the acceptable range'),
    ],
  ])('is well where it %s', (_, text) => {
    expect(allInShort(pasted({ 'x.txt': text }))).toEqual(fine);
  });

  it('divides by requests that a wide listing does not show', () => {
    const wide = `$ kubectl get deploy -n shop -o wide
NAME   READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS   IMAGES      SELECTOR
web    6/6     6            6           30d   web          web:1.2.0   app=web
`;
    expect(allInShort(pasted({ 'x.txt': row('cpu: 50%/60%', 2, 8, 6) + wide }))).toEqual([
      'no_incident Namespace shop',
    ]);
  });
});
