import { describe, expect, it } from '@jest/globals';
import { statementsOf } from './log-line.ts';
import { firstCause } from './log-signature.ts';

describe('a setting that is not there', () => {
  it.each<[language: string, target: string, lines: string[]]>([
    [
      'ruby env',
      'DATABASE_URL',
      [
        '/usr/local/bundle/gems/x.rb:3:in `fetch\': key not found: "DATABASE_URL" (KeyError)',
        "\tfrom config/boot.rb:3:in `<main>'",
      ],
    ],
    [
      'ruby 3.4 env',
      'REDIS_URL',
      ['config/app.rb:7:in \'ENV.fetch\': key not found: "REDIS_URL" (KeyError)', "\tfrom config/app.rb:7:in '<main>'"],
    ],
    [
      'ruby rails',
      'SECRET_KEY_BASE',
      [
        'bin/rails aborted!',
        'KeyError: key not found: "SECRET_KEY_BASE" (KeyError)',
        "/app/config/environments/production.rb:12:in `fetch'",
      ],
    ],
    [
      'ruby secret',
      'secret_key_base',
      [
        "ArgumentError: Missing `secret_key_base` for 'production' environment, set this string with `bin/rails credentials:edit`",
      ],
    ],
    [
      'py env',
      'DATABASE_URL',
      [
        'Traceback (most recent call last):',
        '  File "/app/main.py", line 3, in <module>',
        '    url = os.environ["DATABASE_URL"]',
        '  File "<frozen os>", line 685, in __getitem__',
        "KeyError: 'DATABASE_URL'",
      ],
    ],
    [
      'py env lower',
      'database_url',
      [
        'Traceback (most recent call last):',
        '  File "/app/main.py", line 3, in <module>',
        '    url = os.environ["database_url"]',
        "KeyError: 'database_url'",
      ],
    ],
    [
      'pydantic v1',
      '',
      [
        'pydantic.error_wrappers.ValidationError: 1 validation error for Settings',
        'database_url',
        '  field required (type=value_error.missing)',
      ],
    ],
    [
      'pydantic v2',
      'DATABASE_URL',
      [
        'pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings',
        'DATABASE_URL',
        '  Field required [type=missing, input_value={}, input_type=dict]',
      ],
    ],
    [
      'decouple',
      'SECRET_KEY',
      ['decouple.UndefinedValueError: SECRET_KEY not found. Declare it as envvar or define a default value.'],
    ],
    ['environs', 'GITHUB_TOKEN', ['environs.EnvError: Environment variable "GITHUB_TOKEN" not set']],
    [
      'django',
      'DATABASE_URL',
      ['django.core.exceptions.ImproperlyConfigured: Set the DATABASE_URL environment variable'],
    ],
    ['go envconfig', 'APP_PORT', ['panic: required key APP_PORT missing value']],
    ['go caarls0 v6', 'JWT_SECRET', ['2026/11/20 10:00:00 env: required environment variable "JWT_SECRET" is not set']],
    [
      'go caarls0 v11',
      'JWT_SECRET',
      ['{"level":"fatal","error":"env: environment variable \\"JWT_SECRET\\" should not be empty","time":1}'],
    ],
    ['go log fatal', 'STRIPE_KEY', ['2026/11/20 10:00:00 missing env STRIPE_KEY']],
    ['go viper', 'DB_HOST', ['panic: config: "DB_HOST" must be set']],
    ['go cleanenv', 'Password', ['field "Password" is required but the value is not provided']],
    [
      'java spring',
      'PAYMENT_URL',
      [
        'Caused by: java.lang.IllegalArgumentException: Could not resolve placeholder \'PAYMENT_URL\' in value "$\u007bPAYMENT_URL}"',
      ],
    ],
    [
      'java quarkus',
      'app.payment.url',
      [
        'io.quarkus.runtime.configuration.ConfigurationException: Failed to read configuration properties',
        'java.util.NoSuchElementException: SRCFG00014: The config property app.payment.url is required but it could not be found in any config source',
      ],
    ],
    [
      'java micronaut',
      'DB_URL',
      ['io.micronaut.context.exceptions.ConfigurationException: Could not resolve placeholder $\u007bDB_URL}'],
    ],
    [
      'java npe getenv',
      '',
      [
        'java.lang.NullPointerException: Cannot invoke "String.trim()" because the return value of "java.lang.System.getenv(String)" is null',
      ],
    ],
    [
      'java typesafe',
      'MONGO_URI',
      [
        'com.typesafe.config.ConfigException$UnresolvedSubstitution: application.conf: 12: Could not resolve substitution to a value: $\u007bMONGO_URI}',
      ],
    ],
    [
      'java typesafe missing',
      'mongo',
      ["com.typesafe.config.ConfigException$Missing: No configuration setting found for key 'mongo'"],
    ],
    ['kotlin ktor', 'JWT_ISSUER', ['java.lang.IllegalStateException: Environment variable JWT_ISSUER not found']],
    ['node throw', 'SESSION_SECRET', ['Error: Missing required environment variable: SESSION_SECRET']],
    [
      'node envalid',
      '',
      [
        '================================',
        ' Missing environment variables:',
        '    API_KEY: Must be a string',
        '================================',
      ],
    ],
    ['node env-var', 'DB_PASSWORD', ['EnvVarError: env-var: "DB_PASSWORD" is a required variable, but it was not set']],
    ['node zod', 'DATABASE_URL', ["Invalid environment variables: { DATABASE_URL: [ 'Required' ] }"]],
    [
      'node zod t3',
      'DATABASE_URL',
      [
        '❌ Invalid environment variables: [ { code: "invalid_type", expected: "string", received: "undefined", path: [ "DATABASE_URL" ], message: "Required" } ]',
      ],
    ],
    ['node joi nest', 'DATABASE_HOST', ['Error: Config validation error: "DATABASE_HOST" is required']],
    ['node prisma', 'DATABASE_URL', ['error: Environment variable not found: DATABASE_URL.']],
    [
      'node prisma2',
      'DATABASE_URL',
      ['PrismaClientInitializationError: ', 'error: Environment variable not found: DATABASE_URL.'],
    ],
    ['node assertion', 'REDIS_HOST', ['AssertionError [ERR_ASSERTION]: REDIS_HOST is required']],
    ['node jwt', 'secretOrPrivateKey', ['Error: secretOrPrivateKey must have a value']],
    ['nest configservice', 'JWT_SECRET', ['TypeError: Configuration key "JWT_SECRET" does not exist']],
    [
      'php symfony',
      'MAILER_DSN',
      [
        'Uncaught PHP Exception Symfony\\Component\\DependencyInjection\\Exception\\EnvNotFoundException: "Environment variable not found: "MAILER_DSN"."',
      ],
    ],
    ['php symfony2', 'APP_SECRET', ['In EnvVarProcessor.php line 187: Environment variable not found: "APP_SECRET".']],
    [
      'php laravel',
      '',
      [
        'production.ERROR: No application encryption key has been specified. {"exception":"[object] (Illuminate\\\\Encryption\\\\MissingAppKeyException',
      ],
    ],
    [
      'php dotenv',
      'DB_HOST',
      [
        'PHP Fatal error:  Uncaught Dotenv\\Exception\\ValidationException: One or more environment variables failed assertions: DB_HOST is missing.',
      ],
    ],
    ['php warning undefined', 'DB_HOST', ['PHP Warning:  Undefined array key "DB_HOST" in /app/config.php on line 3']],
    [
      'php env',
      'DB_HOST',
      [
        'PHP Warning:  Undefined array key "DB_HOST" in /app/config.php on line 3',
        'PHP Fatal error:  Uncaught TypeError: x',
      ],
    ],
    [
      'dotnet',
      'ConnectionStrings:Default',
      ['Unhandled exception. System.InvalidOperationException: Missing configuration value: ConnectionStrings:Default'],
    ],
    [
      'dotnet2',
      'connectionString',
      ["Unhandled exception. System.ArgumentNullException: Value cannot be null. (Parameter 'connectionString')"],
    ],
    [
      'dotnet3',
      'SERVICEBUS_CONN',
      ["System.InvalidOperationException: Environment variable 'SERVICEBUS_CONN' not set."],
    ],
    [
      'dotnet4',
      'Jwt:Key',
      ["Unhandled exception. System.InvalidOperationException: Section 'Jwt:Key' not found in configuration."],
    ],
    [
      'dotnet options',
      'Key',
      [
        "Microsoft.Extensions.Options.OptionsValidationException: DataAnnotation validation failed for 'JwtOptions' members: 'Key' with the error: 'The Key field is required.'.",
      ],
    ],
    [
      'rust expect',
      '',
      ["thread 'main' panicked at src/main.rs:10:45:", 'called `Result::unwrap()` on an `Err` value: NotPresent'],
    ],
    [
      'rust expect2',
      'DATABASE_URL',
      ["thread 'main' panicked at src/main.rs:10:45:", 'DATABASE_URL must be set: NotPresent'],
    ],
    ['rust envy', 'database_url', ['Error: missing value for field database_url']],
    ['rust config-rs', 'database.url', ['Error: configuration property "database.url" not found']],
    ['rust dotenvy', '', ['Error: EnvVar(NotPresent)']],
    ['rust old', 'DATABASE_URL', ["thread 'main' panicked at 'DATABASE_URL must be set: NotPresent', src/main.rs:4:5"]],
    ['rust anyhow', '', ['Error: environment variable not found']],
    [
      'elixir',
      'SECRET_KEY_BASE',
      ['** (System.EnvError) could not fetch environment variable "SECRET_KEY_BASE" because it is not set'],
    ],
    [
      'elixir config',
      'DATABASE_URL',
      [
        'ERROR! Config provider Config.Reader failed with:',
        '** (RuntimeError) environment variable DATABASE_URL is missing.',
        'For example: ecto://USER:PASS@HOST/DATABASE',
      ],
    ],
    [
      'elixir fetch_env',
      'token',
      [
        '** (ArgumentError) could not fetch application environment :token for application :app because configuration at :token was not set',
      ],
    ],
    [
      'scala',
      'DB_URL',
      [
        'java.util.NoSuchElementException: key not found: DB_URL',
        '\tat scala.collection.MapOps.default(Map.scala:289)',
      ],
    ],
    ['bash', 'API_TOKEN', ['/entrypoint.sh: line 5: API_TOKEN: unbound variable']],
    ['bash param', 'API_TOKEN', ['/entrypoint.sh: line 5: API_TOKEN: parameter null or not set']],
    ['sh param msg', 'DB_HOST', ['/entrypoint.sh: line 3: DB_HOST: must be set']],
    [
      'mysql image',
      '',
      [
        '2026-11-20 10:00:00+00:00 [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified',
        '    You need to specify one of the following as an environment variable:',
        '    - MYSQL_ROOT_PASSWORD',
      ],
    ],
    [
      'postgres image',
      'POSTGRES_PASSWORD',
      [
        'Error: Database is uninitialized and superuser password is not specified.',
        '       You must specify POSTGRES_PASSWORD to a non-empty value',
      ],
    ],
    ['haskell', 'DATABASE_URL', ['app: DATABASE_URL: getEnv: does not exist (no environment variable)']],
    [
      'perl',
      'DB_HOST',
      ['Use of uninitialized value $ENV{"DB_HOST"} in concatenation (.) or string at app.pl line 3.'],
    ],
    ['mongo image', 'MONGO_INITDB_ROOT_PASSWORD', ['MONGO_INITDB_ROOT_PASSWORD must be set']],
    ['grafana', 'GF_DB', ['logger=settings msg="Failed to expand: environment variable $\u007bGF_DB} not set"']],
  ])('%s: %s', (_, target, lines) => {
    expect(firstCause(statementsOf(lines))).toMatchObject({ category: 'missing_env_var', target });
  });

  it.each<[what: string, lines: string[]]>([
    ['a key of a hash', ["/app/lib/cart.rb:12:in `fetch': key not found: :weight (KeyError)"]],
    ['a key of data', ['/app/lib/cart.rb:12:in `fetch\': key not found: "sku-123" (KeyError)']],
    [
      'a key of a dictionary',
      [
        'Traceback (most recent call last):',
        '  File "/app/main.py", line 3, in <module>',
        '    w = order["WEIGHT"]',
        "KeyError: 'WEIGHT'",
      ],
    ],
    [
      'a field of a request',
      [
        'pydantic_core._pydantic_core.ValidationError: 1 validation error for Order',
        'weight',
        '  Field required [type=missing, input_value={}, input_type=dict]',
      ],
    ],
    ['a key of an array', ['PHP Warning:  Undefined array key "weight" in /app/cart.php on line 3']],
    ['a key of a map', ['** (KeyError) key :weight not found in: %{name: "x"}']],
    ['an optional one', ['INFO SENTRY_DSN not set, error reporting disabled', 'INFO listening on :8080']],
    ['one that is done without', ['WARN optional variable NEW_RELIC_KEY is not set, skipping', 'INFO listening']],
  ])('is not %s', (_, lines) => {
    expect(firstCause(statementsOf(lines))?.category).not.toBe('missing_env_var');
  });
});
