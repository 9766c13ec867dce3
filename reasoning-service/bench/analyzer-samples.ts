import { existsSync, readFileSync } from 'node:fs';
import type { Bundle } from '@aetherius/shared/contracts';
import { parse } from 'yaml';
import { bundleOf } from '../src/offline/findings.ts';
import { readHalf } from './incident-library.ts';

/** Recorded incidents of the tune half that show a fault of a kind, and ones in which objects of that kind are not what is wrong. */
const recorded: Record<string, { fault?: string; quiet?: string }> = {
  Pod: { fault: 'anti-affinity-hostname', quiet: 'broker-nats-quorum' },
  Log: { fault: 'crash-go-panic', quiet: 'one-refused-line-at-start' },
  Event: { fault: 'selector-unknown-label', quiet: 'quiet-old-warnings' },
  Deployment: { fault: 'oom-limit', quiet: 'balancer-quota' },
  ReplicaSet: { fault: 'service-account-missing' },
  Job: { fault: 'job-backoff-not-crash-loop', quiet: 'job-completed-after-one-retry' },
  Service: { fault: 'selector-typo', quiet: 'policy-in-a-healthy-cluster' },
  EndpointSlice: { fault: 'endpoints-only-dead-addresses', quiet: 'endpoints-nothing-selected' },
  IngressClass: { fault: 'ingress-class-absent', quiet: 'ingress-class-there-backend-not' },
  NetworkPolicy: { fault: 'policy-denies-egress', quiet: 'policy-in-a-healthy-cluster' },
  ConfigMap: { fault: 'configmap-missing-in-manifests', quiet: 'configmap-there-with-a-wrong-value' },
  Secret: { fault: 'secret-key-missing' },
  ServiceAccount: { fault: 'service-account-missing-for-job', quiet: 'simulated-oom-killed' },
  PersistentVolumeClaim: { fault: 'expand-filesystem', quiet: 'disk-full-though-claim-could-grow' },
  StorageClass: { fault: 'class-missing' },
  HorizontalPodAutoscaler: { fault: 'hpa-at-maximum' },
  PodDisruptionBudget: { fault: 'pdb-drain-refused', quiet: 'pdb-at-zero-in-a-healthy-cluster' },
  ResourceQuota: { fault: 'quota-pods' },
  Node: { fault: 'node-lost', quiet: 'peers-all-well-but-on-one-node' },
  Application: { fault: 'gitops-not-permitted' },
};

const incidents = new Map(readHalf('tune').map(({ name, bundle }) => [name, bundle]));

/** A sample that is kept beside the tests: small, in YAML, as a person would write it down. */
function written(kind: string, side: 'fault' | 'quiet'): Bundle | undefined {
  const file = new URL(`../test/samples/kinds/${kind}.yaml`, import.meta.url);
  if (!existsSync(file)) return undefined;
  const found: { complete?: string[] } | undefined = parse(readFileSync(file, 'utf8'))[side];
  if (found === undefined) return undefined;
  const { bundle } = bundleOf([{ name: `${kind}.json`, text: JSON.stringify(found) }], '2026-01-02T03:04:05.000Z');
  return bundle === undefined ? undefined : { ...bundle, complete: found.complete ?? [] };
}

/** The bundle that shows a kind broken, or one that has it and in which it is not what is wrong. */
export const sampleOf = (kind: string, side: 'fault' | 'quiet'): Bundle | undefined =>
  incidents.get(recorded[kind]?.[side] ?? '') ?? written(kind, side);
