import { describe, expect, it } from '@jest/globals';
import { completeObject } from './complete-object.ts';
import { libraryGroups, readGroup } from './library-faults.ts';

const faults = libraryGroups().flatMap(readGroup);
const tools = { machine: { '/usr': '/usr' }, kubernetes: { '/opt/kube': '/somewhere' } };

describe('the faults of the incident library', () => {
  it('have a name and a namespace of their own each', () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    expect(new Set(faults.map(({ namespace }) => namespace)).size).toBe(faults.length);
  });

  it.each(faults)('$name consists of objects that the API takes', (fault) => {
    const objects = fault.objects.flatMap((brief) => completeObject(brief, fault.namespace, tools));
    for (const { kind, apiVersion, metadata } of objects)
      expect([typeof kind, typeof apiVersion, typeof (metadata as { name: unknown }).name]).toEqual(
        Array(3).fill('string'),
      );
  });
});

describe('a workload in brief', () => {
  it('is completed with labels, an image, a script, its files and the programs that it may use', () => {
    const brief = {
      kind: 'Job',
      name: 'sum',
      tools: 'machine' as const,
      files: { 'a.js': '1' },
      spec: { backoffLimit: 0 },
    };
    const [code, job] = completeObject(brief, 'books', tools);
    expect(code).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'sum-code', namespace: 'books' } });
    expect(job).toMatchObject({
      apiVersion: 'batch/v1',
      spec: {
        backoffLimit: 0,
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [
              {
                image: 'registry.example.com/books/sum:1.0.0',
                volumeMounts: [{ mountPath: '/usr', readOnly: true }, { mountPath: '/app' }],
              },
            ],
          },
        },
      },
    });
  });
});
