import { describe, expect, it } from '@jest/globals';
import { statementsOf } from '../log-line.ts';
import { firstCause } from '../log-signature.ts';

const cause = (...lines: string[]) => firstCause(statementsOf(lines));

/** How client libraries say that no server answers, with the address where they name one. */
const unanswered: [string, string?][] = [
  // Brokers.
  ['org.apache.kafka.common.errors.TimeoutException: Timeout expired while fetching topic metadata'],
  [
    'Caused by: org.apache.kafka.common.errors.TimeoutException: Timed out waiting for a node assignment. Call: listTopics',
  ],
  ['TimeoutException: Timeout expired after 60000ms while awaiting InitProducerId'],
  ['ConnectException: Failed to connect to and describe Kafka cluster. Check security properties.'],
  ['org.apache.kafka.common.errors.TimeoutException: Topic eggs not present in metadata after 60000 ms.'],
  ['kafka: client has run out of available brokers to talk to: EOF'],
  ["KafkaConnectionError: Unable to bootstrap from [('kafka', 9092, 0)]"],
  ['KafkaTimeoutError: Failed to update metadata after 60.0 secs.'],
  ['RabbitMQ.Client.Exceptions.BrokerUnreachableException: None of the specified endpoints were reachable'],
  ['Bunny::TCPConnectionFailedForAllHosts: Could not establish TCP connection to any of the configured hosts'],
  ['Error: Socket closed abruptly during opening handshake'],
  ['nats: no servers available for connection'],
  ['MqttException (32103): Unable to connect to server'],
  ['Error: connack timeout'],
  // Relational databases.
  [
    'Unhandled exception. Microsoft.Data.SqlClient.SqlException (0x80131904): A network-related or instance-specific error occurred while establishing a connection to SQL Server. The server was not found or was not accessible.',
  ],
  [
    'SqlException (0x80131904): A connection was successfully established with the server, but then an error occurred during the pre-login handshake.',
  ],
  [
    'SQLServerException: The TCP/IP connection to the host mssql.db, port 1433 has failed. Error: "x".',
    'mssql.db:1433',
  ],
  ["pyodbc.OperationalError: ('HYT00', '[HYT00] [Microsoft][ODBC Driver 18 for SQL Server]Login timeout expired (0)')"],
  ['java.sql.SQLRecoverableException: IO Error: The Network Adapter could not establish the connection'],
  ['ORA-03113: end-of-file on communication channel'],
  ['SqlException: DB2 SQL Error: ERRORCODE=-4499, SQLSTATE=08001'],
  ['FATAL: the database system is starting up'],
  ['server closed the connection unexpectedly'],
  ['Error: Connection terminated unexpectedly'],
  ['SQLSTATE[HY000] [2006] MySQL server has gone away'],
  ["Lost connection to MySQL server at 'reading initial communication packet', system error: 0"],
  // Other stores.
  ['AllNodesFailedException: Could not reach any contact point, make sure you have provided valid addresses'],
  ['gocql: unable to create session: unable to discover protocol version: EOF'],
  ["cassandra.cluster.NoHostAvailable: ('Unable to connect to any servers', {})"],
  ['ZooKeeperClientTimeoutException: Timed out waiting for connection while in state: CONNECTING'],
  ['KeeperException$ConnectionLossException: KeeperErrorCode = ConnectionLoss for /brokers/ids'],
  ['kazoo.handlers.threading.KazooTimeoutError: Connection time-out'],
  ['rpc error: code = DeadlineExceeded desc = latest balancer error: last connection error: connection error'],
  ['etcdserver: no leader'],
  ['etcdclient: no available endpoints'],
  ['NoNodeAvailableException[None of the configured nodes are available: [{es}{10.0.0.1:9300}]]'],
  ['ResponseError: There are no living connections'],
  ['no active connection found: no Elasticsearch node available'],
  ['Dalli::RingError: No server available'],
  ['memcache: no servers configured or available'],
  ['MongoTimeoutException: Timed out after 30000 ms while waiting to connect. Client view of cluster state is {}'],
  ['MongooseError: Operation `users.find()` buffering timed out after 10000ms'],
  ['server selection error: server selection timeout, current topology: { Type: Unknown, Servers: [] }'],
  ['MaxRetriesPerRequestError: Reached the max retries per request limit (which is 20).'],
  ['RedisConnectionException: Unable to connect to redis.cache.svc/<unresolved>:6379', 'redis.cache.svc:6379'],
  ['It was not possible to connect to the redis server(s). UnableToConnect on redis:6379/Interactive', 'redis:6379'],
  ["neo4j.exceptions.ServiceUnavailable: Couldn't connect to neo4j:7687 (resolved to ())", 'neo4j:7687'],
  // Calls of procedures, and what is asked over HTTP.
  ['status = StatusCode.UNAVAILABLE details = "failed to connect to all addresses"'],
  ['Grpc.Core.RpcException: Status(StatusCode="Unavailable", Detail="Error connecting to subchannel.")'],
  [
    'requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: http://orders:8080/v1',
    'orders:8080',
  ],
  ['AxiosError: Request failed with status code 502'],
  ['Response status code does not indicate success: 503 (Service Unavailable).'],
  ["curl: (7) Failed to connect to vault port 8200 after 2 ms: Couldn't connect to server", 'vault:8200'],
  ['Error: socket hang up'],
  ['Net::OpenTimeout: execution expired'],
  ['reqwest::Error { kind: Request, source: hyper::Error(Connect, ConnectError("tcp connect error"'],
  ['TransportException: Cannot execute request on any known server'],
  ['Unexpected response code: 500 (No cluster leader)'],
  ['Error making API request. URL: PUT https://vault:8200/v1/auth Code: 503. Errors: * Vault is sealed'],
  ['operation error S3: ListBuckets, https response error StatusCode: 0, RequestID: , request send failed'],
  ['EndpointConnectionError: Could not connect to the endpoint URL: "http://minio.s3:9000/uploads"', 'minio.s3:9000'],
  ['HttpRequestException: No connection could be made because the target machine actively refused it. (a:80)', 'a:80'],
  ['influxdb: Post "http://influx:8086/api/v2/write": EOF', 'influx:8086'],
  ['FATAL: failed to open TCP connection to graphite:2003', 'graphite:2003'],
  ['ERROR Unable to connect to broker pulsar://pulsar:6650', 'pulsar:6650'],
  ['Unable to connect to NATS servers: [nats://nats:4222]', 'nats:4222'],
  ['UnambiguousTimeoutException: WaitUntilReadyRequest, Reason: TIMEOUT'],
  // Mail and directories.
  ["MailConnectException: Couldn't connect to host, port: smtp.corp, 587; timeout 5000", 'smtp.corp:587'],
  ['Connection could not be established with host "smtp.corp:587"', 'smtp.corp:587'],
  ["ldap.SERVER_DOWN: {'desc': \"Can't contact LDAP server\"}"],
];

/** What tells that a pool or a framework got no connection, and not why. */
const vague: [string, string?][] = [
  ['org.postgresql.util.PSQLException: The connection attempt failed.'],
  ['FlywaySqlException: Unable to obtain connection from database: The connection attempt failed.'],
  ['HikariPool$PoolInitializationException: Failed to initialize pool: The connection attempt failed.'],
  ['ERROR com.zaxxer.hikari.pool.HikariPool : HikariPool-1 - Exception during pool initialization.'],
  ['CannotGetJdbcConnectionException: Failed to obtain JDBC Connection'],
  ['HibernateException: Unable to determine Dialect without JDBC metadata'],
  [
    'Connection could not be created to jdbc:postgresql://ledger:5432/app with driver org.postgresql.Driver',
    'ledger:5432',
  ],
  ['JedisConnectionException: Could not get a resource from the pool'],
  ['Unable to resolve the Configuration with the provided Issuer of "http://keycloak:8080/realms/x"', 'keycloak:8080'],
  ["IDX20803: Unable to obtain configuration from: 'https://login.corp/.well-known'", 'https://login.corp/.well-known'],
  ['IllegalStateException: Could not locate PropertySource and the fail fast property is set, failing'],
  ['SequelizeConnectionRefusedError: connect'],
  ['ledger.NetworkException: the owl did not come back'],
  ['ERROR Failed to connect to the ledger'],
  ['Error: Timeout connecting to server'],
  ['ERROR license server did not respond within 30s'],
  ['SdkClientException: Unable to execute HTTP request: sqs.eu.amazonaws.com failed to respond'],
  ['UnexpectedTransportException: The SSL connection could not be established'],
];

describe('words of clients whose server does not answer', () => {
  it.each([...unanswered, ...vague])('%s', (line, target = '') => {
    expect(cause(line)).toMatchObject({ category: 'dependency_unreachable' });
    expect(cause(line)?.target).toContain(target);
  });

  it.each([
    ['dns_failure', 'Caused by: java.net.UnknownHostException: db'],
    ['tls_certificate_expired', 'Caused by: sun.security.validator.ValidatorException: PKIX path building failed'],
  ])('what no connection came about for goes before them: %s', (category, nested) => {
    for (const [line] of vague) expect(cause(`ERROR ${line}`, nested)?.category).toBe(category);
  });

  it.each([
    ['WARN Connection to node -1 (kafka/10.96.0.9:9092) could not be established.', 'kafka:9092'],
    ['WARN connection to ledger:5432 refused', 'ledger:5432'],
  ])('an address that was told before is that of the end: %s', (warning, target) => {
    const end = 'ERROR TimeoutException: Timeout expired while fetching topic metadata';
    expect(cause(warning, end)).toMatchObject({ category: 'dependency_unreachable', target });
  });

  it('a pool that runs dry because nobody answers is not slow', () => {
    const dry = 'ERROR HikariPool-1 - Connection is not available, request timed out after 30000ms.';
    expect(cause(dry)?.category).toBe('slow_dependency_db');
    expect(cause(dry, 'Caused by: PSQLException: Connection to ledger:5432 refused.')).toMatchObject({
      category: 'dependency_unreachable',
      target: 'ledger:5432',
    });
  });
});

describe('words of connections that are no fault of a server', () => {
  it.each([
    'connection to server at "db" (10.0.0.7), port 5432 failed: FATAL:  password authentication failed for user "x"',
    'connection to server at "db" (10.0.0.7), port 5432 failed: FATAL:  database "shop" does not exist',
    'FlywaySqlException: Unable to obtain connection from database: Access denied for user',
    'ConnectionError: invalid connection string',
    'ERROR Failed to create connection pool: maximum size must be positive',
    'ERROR could not get connection details from the settings',
    'ERROR Failed to connect to the ledger: invalid API key',
    'Cannot open database "shop" requested by the login. The login failed. ConnectionException',
    'Connection to node -1 (kafka/10.96.0.9:9092) terminated during authentication.',
    '2026-01-02 03:04:05.678 UTC [7] FATAL:  the database system is starting up',
    'ERROR Cannot connect to the Docker daemon at unix:///var/run/docker.sock.',
    'Failed to connect to bus: No such file or directory',
    'cannot connect to X server :0',
    "NameError: name 'connection' is not defined",
    'panic: no route registered for server "main"',
    "AttributeError: 'NoneType' object has no attribute 'connect'",
    'ERROR invalid option: timeout waiting for eggs must be positive',
    'ERROR Failed to export spans. Failed to connect to collector:4317',
    'ERROR [otel.javaagent] Failed to export metrics. The request could not be executed: connection refused',
  ])('%s', (line) => expect(cause(line)).toBeUndefined());

  it('who was turned away after all was answered', () => {
    const turnedAway = 'Caused by: PSQLException: FATAL: password authentication failed for user "app"';
    for (const [line] of vague) expect(cause(`ERROR ${line}`, turnedAway)).toBeUndefined();
  });
});

it('a topic that no broker knows is no broker that does not answer', () => {
  const waited = 'org.apache.kafka.common.errors.TimeoutException: Topic eggs not present in metadata after 60000 ms.';
  const unknown = 'WARN [Producer clientId=p1] Error while fetching metadata : {eggs=UNKNOWN_TOPIC_OR_PARTITION}';
  expect(cause(unknown, waited)).toBeUndefined();
  const away = 'WARN [Producer clientId=p1] Connection to node 2 (hare/10.0.0.2:9092) could not be established.';
  expect(cause(away, waited)).toMatchObject({ target: 'hare:9092' });
});

it.each([
  [
    "DBI connect('database=x;host=hare','app',...) failed: Unknown MySQL server host 'hare' (-2) at /app/run.pl line 9.",
    'hare',
  ],
  ["ERROR 2005 (HY000): Unknown server host 'hare.eggs' (-3)", 'hare.eggs'],
  ["W: Temporary failure resolving 'hare.example'", 'hare.example'],
  ['connect: Host not found (authoritative)', ''],
])('a name that does not resolve: %s', (line, target) =>
  expect(cause(line)).toMatchObject({ category: 'dns_failure', target }),
);

describe('a server that allows no more connections', () => {
  it.each([
    ['PDOException: SQLSTATE[08004] [1040] Too many connections in /srv/Db.php:31'],
    ['ERROR 1040 (HY000): Too many connections'],
    [
      'psycopg2.OperationalError: connection to server at "hare", port 5432 failed: FATAL:  sorry, too many clients already',
    ],
    ['FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute'],
    ['asyncpg.exceptions.TooManyConnectionsError: too many connections for role "eggs"'],
    ['redis.exceptions.ConnectionError: max number of clients reached'],
    ['MongoServerSelectionError: connection refused because too many open connections: 819'],
    ['ERROR: no more connections allowed (max_client_conn)'],
    ['ORA-00020: maximum number of processes (300) exceeded'],
  ])('answered and refused: %s', (line) => {
    const found = cause(line);
    expect(found?.category).toBe('dependency_unreachable');
    expect(found?.description).toContain('answers and refuses one more connection');
  });

  it.each([
    ['Error: connect ECONNREFUSED 10.0.0.7:5432'],
    ['psycopg2.OperationalError: connection to server at "hare", port 5432 failed: Connection refused'],
  ])('is not one that does not answer: %s', (line) => expect(cause(line)?.description).toContain('does not answer'));

  it('keeps its words with the address that a line beside it names', () =>
    expect(cause('connecting to jdbc:mysql://hare:3306/eggs', 'ERROR Too many connections')?.description).toBe(
      'hare:3306 answers and refuses one more connection: as many are open as it allows',
    ));
});

it.each([
  "ERROR javax.net.ssl.SSLPeerUnverifiedException: Certificate for <till> doesn't match any of the subject alternative names: [till.pay]",
  "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: till. is not in the cert's altnames",
  "ERROR curl: (60) SSL: no alternative certificate subject name matches target host name 'till'",
])('a certificate for another name is not trusted: %s', (line) => {
  expect(cause(line)?.category).toBe('tls_certificate_expired');
});
