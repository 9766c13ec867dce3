import { clusterColumns } from './cluster-columns.ts';
import { ageColumn, type Column, nameColumn } from './column.ts';
import { podColumns } from './pod-columns.ts';
import { workloadColumns } from './workload-columns.ts';

/** What kubectl prints of a kind, in order. */
export const columnsOf = (kind: string): Column[] =>
  kind === 'Pod' ? podColumns : (workloadColumns[kind] ?? clusterColumns[kind] ?? [nameColumn, ageColumn]);
