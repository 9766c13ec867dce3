export * from './agent.ts';
export * from './anomaly.ts';
export * from './audit.ts';
export * from './bundle.ts';
export * from './command.ts';
export * from './diagnosis.ts';
export * from './enrolment.ts';
export * from './event.ts';
export * from './evidence-read.ts';
export * from './fields.ts';
export { fitBundle } from './fit-bundle.ts';
export * from './hold.ts';
export * from './incident.ts';
export * from './metrics.ts';
export { DEEPEST, isShallow } from './nesting.ts';
export * from './permissions.ts';
export * from './problem.ts';
export { parseQuantity } from './quantity.ts';
export * from './reasoning.ts';
export * from './safe-url.ts';
export * from './subjects.ts';
export { unstorable } from './unstorable.ts';
export * from './workflow.ts';
export {
  type FieldAction,
  type FieldParameters,
  isWriteAction,
  type WriteAction,
  writeActions,
} from './write-actions.ts';
