type Env = Record<string, string | undefined>;

/** What a person may set for the services; the rest of a shell's variables, such as an exported KUBE_SERVER, would win over what was asked for. */
const passedOn = [
  'PATH',
  'HOME',
  'TMPDIR',
  'LANG',
  'TZ',
  'NODE_COMPILE_CACHE',
  'NODE_EXTRA_CA_CERTS',
  'HTTPS_PROXY',
  'NO_PROXY',
  'LOG_LEVEL',
  'BUS_REPLICAS',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_HEADERS_FILE',
  'NOTIFY_WEBHOOK_URL',
  'NOTIFY_WEBHOOK_URL_FILE',
  'NOTIFY_WEBHOOK_SECRET',
  'NOTIFY_WEBHOOK_SECRET_FILE',
  'PROTECTED_NAMESPACES',
  'DEFINITIONS_DIR',
  'LLM_PROVIDER',
  'LLM_MODEL',
  'LLM_API_KEY',
  'LLM_API_KEY_FILE',
  'LLM_BASE_URL',
  'LLM_RECORDINGS',
  'LLM_LANGUAGE',
  'LLM_BUDGET_FILE',
  'RUNBOOKS_DIR',
] as const;

/** Ages by which each service lets go of what is old. */
const isRetention = (name: string): boolean => /^RETENTION_[A-Z_]+_DAYS$/.test(name);

/** The whole environment of a service: the few variables that are passed on, and over them what the fleet sets. */
export const serviceEnvironment = (given: Env, set: Record<string, string>): Record<string, string> => ({
  ...Object.fromEntries(
    [...passedOn, ...Object.keys(given).filter(isRetention)].flatMap((name) => {
      const value = given[name];
      return value === undefined ? [] : [[name, value]];
    }),
  ),
  ...set,
});
