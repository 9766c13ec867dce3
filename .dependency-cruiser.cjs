const services = '^(collect-agent|agent-manager|orchestrator-service|reasoning-service)/';
const tests = '(\\.test\\.ts|/test/)';
/** Files whose decisions are pure: named once, so that a new client import in one of them is an error; a test sees that each pattern names a file. */
const pure = require('./e2e/src/pure-files.json').join('|');

/** The rules of the house that a machine can check. */
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
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      comment: 'The peer of a bench runs in a folder of its own, on packages that the product does not depend on',
      from: { pathNot: '^e2e/bench/engine/temporal-(peer|workflows)\\.mjs$' },
      to: { couldNotResolve: true },
    },
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
