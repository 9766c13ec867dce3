export { Counter, Gauge, Histogram, Registry } from 'prom-client';
export { exposeBuild } from './build.ts';
export { createMetrics } from './create-metrics.ts';
export { exposeFigures, type Figures } from './figures.ts';
export { exposeReadiness } from './readiness.ts';
