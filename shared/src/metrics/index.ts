export { exposeBuild } from './build.ts';
export { Counter, Gauge, Histogram, Registry } from 'prom-client';
export { createMetrics } from './create-metrics.ts';
export { exposeFigures, type Figures } from './figures.ts';
export { exposeReadiness } from './readiness.ts';
