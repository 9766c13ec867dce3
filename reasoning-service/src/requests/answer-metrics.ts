import type { ReasoningAnswer } from '@aetherius/shared/contracts';
import { Counter, Histogram, type Registry } from '@aetherius/shared/metrics';

/** Counts answers, and how long and how sure they were. */
export function createAnswerMetrics(metrics: Registry): (answer: ReasoningAnswer) => void {
  const registers = [metrics];
  const total = new Counter({
    name: 'aetherius_reasoning_answers_total',
    help: 'Questions answered, by whether a cause was named',
    labelNames: ['status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'aetherius_reasoning_diagnosis_seconds',
    help: 'Time to answer a question, with the language model where one is on',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const confidence = new Histogram({
    name: 'aetherius_reasoning_confidence_ratio',
    help: 'How sure the answers were that named a cause',
    buckets: [0.5, 0.6, 0.7, 0.8, 0.9, 1],
    registers,
  });
  for (const status of ['answered', 'abstained']) total.inc({ status }, 0);
  return ({ diagnosis, duration_ms }) => {
    total.inc({ status: diagnosis.status });
    seconds.observe(duration_ms / 1000);
    if (diagnosis.status === 'answered') confidence.observe(diagnosis.confidence);
  };
}
