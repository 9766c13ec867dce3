const services = '^(collect-agent|agent-manager|orchestrator-service|reasoning-service)/';
const tests = '(\\.test\\.ts|/test/)';
/** Files whose decisions are pure: named once here, so that a new client import in one of them is an error. */
const pure = [
  'reasoning-service/src/diagnosis/',
  'reasoning-service/src/llm/(veil|names|secrets|evidence-items|hold-to-evidence|action-text|strange-words|close|budget|model-answer|languages|write-out)\\.ts',
  'reasoning-service/src/forecast/(?!routes)',
  'reasoning-service/src/recommendations/(?!load-)',
  'reasoning-service/src/cases/(case|structure|similarity)\\.ts',
  'reasoning-service/src/learning/(accuracy|adjust-confidence|decay|suggestions|verdict)\\.ts',
  'reasoning-service/src/runbooks/(runbook|find-runbooks)\\.ts',
  'reasoning-service/src/intake/(table|describe)/',
  'reasoning-service/src/rootcause/(?!routes)',
  'collect-agent/src/signals/',
  'collect-agent/src/commands/(refusal|conditions|pick-revision)\\.ts',
  'agent-manager/src/incidents/(correlate|merge|announce|advance)\\.ts',
  'agent-manager/src/(fleet/silence|audit/chain|ingest/event-time)\\.ts',
  'agent-manager/src/fleet/liveness\\.ts',
  'orchestrator-service/src/engine/(plan|outcome)\\.ts',
  'orchestrator-service/src/definitions/check\\.ts',
  'orchestrator-service/src/triggers/match\\.ts',
  'orchestrator-service/src/guard/checks/',
].join('|');

/** The rules of the house that a machine can check; docs/architecture.md says why each is there. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contracts-only-zod',
      severity: 'error',
      from: { path: '^shared/src/contracts/', pathNot: tests },
      to: { pathNot: ['^shared/src/contracts/', 'node_modules/zod/'] },
    },
    {
      name: 'shared-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(collect-agent|agent-manager|orchestrator-service|reasoning-service|simulator|local|e2e)/' },
    },
    {
      name: 'services-never-import-each-other',
      severity: 'error',
      from: { path: services, pathNot: tests },
      to: {
        path: '^(collect-agent|agent-manager|orchestrator-service|reasoning-service|simulator|local|e2e)/',
        pathNot: ['^$1/'],
      },
    },
    {
      name: 'pure-files-import-no-client',
      severity: 'error',
      from: { path: `^(${pure})`, pathNot: tests },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'core'],
        dependencyTypesNot: ['type-only'],
        pathNot: ['node_modules/zod/', '^(node:)?(crypto|util)$'],
      },
    },
    {
      name: 'pure-files-import-no-store',
      severity: 'error',
      from: { path: `^(${pure})`, pathNot: tests },
      to: {
        path: ['-(store|view)\\.ts$', '^shared/src/(nats|postgres|http|service|log|metrics)/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'kubernetes-client-only-for-a-kubeconfig',
      severity: 'error',
      comment: 'Importing it costs 88 MiB: types are free, the package itself is loaded lazily in one file',
      from: { path: '^collect-agent/src/', pathNot: ['kubeconfig\\.ts$', tests] },
      to: { path: 'node_modules/@kubernetes/client-node', dependencyTypesNot: ['type-only'] },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '\\.d\\.ts$'] },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
