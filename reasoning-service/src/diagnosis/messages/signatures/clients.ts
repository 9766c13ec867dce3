import { anyOf } from '../any-of.ts';
import { HOST } from './host.ts';
import type { Signature } from './signature.ts';

const silent = (target: string): string => `${target === '' ? 'a dependency' : target} does not answer`;

/** What no server of another machine is asked for: a bus, a display, a socket of one's own machine. */
const LOCAL = `(?!(?:the )?(?:\\w+ )?(?:bus|display|X server|debugger|systemd|upstart|socket|\\w{1,20} daemon)\\b|\\S{0,80}(?:unix:|\\.sock\\b|/run/))`;
const CANNOT = `(?:failed|unable|could(?:n't| not)|can(?:'t|not)|not possible) (?:to )?(?:re-?)?`;

/** What client libraries of brokers, databases, stores and services say when no server answers them, each in its own words. */
const byName: Signature = {
  category: 'dependency_unreachable',
  pattern: anyOf(
    // Kafka, RabbitMQ, NATS, MQTT.
    /Connection to node -?\d{1,10} \(([\w.-]{1,253})\/[\da-f.:]{2,45}:(?<port>\d{1,5})\) could not be established/i,
    /Failed to connect to and describe Kafka cluster|run out of available brokers|Unable to bootstrap from/i,
    /None of the specified endpoints were reachable/i,
    /Socket closed abruptly during opening handshake|TCPConnectionFailedForAllHosts|nats: no servers available/i,
    /MqttException \(321\d\d\)|connack timeout/i,
    // SQL Server, Oracle, DB2, Postgres, MySQL. Class 08 of the states of SQL is that of connections.
    /TCP\/IP connection to the host ([\w.-]{1,253}), port (?<port>\d{1,5}) has failed/i,
    /network-related or instance-specific error|during the (?:pre-)?login handshake|Login timeout expired/i,
    /Network Adapter could not establish the connection|ORA-(?:03113|03135|17002|12537|12547)\b/i,
    /SQL ?STATE\b[\s:=[('"]{1,6}08(?:00[013467]|S01)\b/i,
    /database system is (?:starting up|shutting down|in recovery mode|not yet accepting connections)/i,
    /server closed the connection unexpectedly|Connection terminated (?:unexpectedly|due to connection timeout)/i,
    /server has gone away|Lost connection to (?:MySQL|MariaDB) server|PROTOCOL_CONNECTION_LOST|driver: bad connection/i,
    // Cassandra, ZooKeeper, etcd, Elasticsearch, Memcached, MongoDB, Redis.
    /reach any contact point|unable to (?:discover protocol version|connect to (?:initial hosts|any servers))/i,
    /gocql: no (?:hosts available|response)|while in state: CONNECTING|KeeperErrorCode = ConnectionLoss|Connection time-out/i,
    /last connection error: |no available endpoints|No cluster leader|etcdserver: (?:no leader|request timed out)/i,
    /etcd cluster is unavailable|master_not_discovered_exception|None of the configured nodes (?:are|is|were) available/i,
    /no living connections|no Elasticsearch node available|Elasticsearch Unreachable/i,
    /Dalli::RingError|no servers configured or available|SERVER HAS FAILED AND IS DISABLED/i,
    /Timed out after \d{1,9} ms while waiting (?:for a server|to connect)|server selection (?:error|timed out|timeout)/i,
    /No suitable servers found|`\S{1,200}` buffering timed out after/i,
    /max retries per request limit|UnableToConnect on ([\w.-]{1,253}:\d{1,5})|ClusterAllFailedError|CLUSTERDOWN/i,
    /all sentinels .{0,40}unreachable|No master found for/i,
    // Caddy and Kong of those behind them.
    /\bno upstreams available\b|failure to get a peer from the ring-balancer/,
    // gRPC and HTTP.
    /StatusCode\.UNAVAILABLE|StatusCode="Unavailable"|failed to connect to all addresses|Error connecting to subchannel/i,
    /50[234] (?:Server|Client) Error: [\w ]{3,40} for url: (https?:\/\/[\w.-]{1,253}(?::\d{1,5})?)/i,
    /(?:failed with status(?: code)?|does not indicate success:) 50[234]\b|\bsocket hang up\b|Net::OpenTimeout/i,
    /Faraday::ConnectionFailed|error trying to connect|tcp connect error|cURL error (?:7|28|52|56)\b/i,
    /failed reaching server: |request send failed|Cannot execute request on any known server|Vault is sealed/i,
    // Mail and directories.
    /connect to (?:SMTP )?host, port: ([\w.-]{1,253}), (?<port>\d{1,5})/i,
    /connect to SMTP host: ([\w.-]{1,253}), port: (?<port>\d{1,5})/i,
    /Connection could not be established with host "?(?:\w{1,10}:\/\/)?([\w.-]{1,253}(?::\d{1,5})?)/i,
    /Can(?:'|\\'|no)t contact LDAP server|javax\.naming\.(?:Communication|ServiceUnavailable)Exception: ([\w.-]{1,253}:\d{1,5})/i,
    // What runtimes say of any service.
    /No connection could be made because .{0,60}refused it\.?(?: \(([\w.-]{1,253}:\d{1,5})\))?/i,
    /\b(?:Get|Post|Put|Head|Patch|Delete) \\?"https?:\/\/([\w.-]{1,253}(?::\d{1,5})?)[^"\s]{0,300}": (?:unexpected )?EOF/,
    /open TCP connection to ([\w.-]{1,253}:\d{1,5})/i,
    /NodeNotReadyError|errors\.AutoReconnect|Lookup request timeout|WaitUntilReadyRequest|connection is bad: timeout/i,
    // Whoever it is that cannot be connected to, where that can only be a host.
    /connect to ([\w.-]{1,253}) port (?<port>\d{1,5}) after/i,
    new RegExp(`${CANNOT}connect to ([\\w.-]{1,253})\\/<unresolved>:(?<port>\\d{1,5})`, 'i'),
    new RegExp(`${CANNOT}connect to (?:[\\w-]{1,40}:? ){0,3}["'\\[]{0,2}(${HOST})(?![\\w.-])`, 'i'),
  ),
  words: silent,
};

/** How servers say that as many connections are open as they allow: they answer, and refuse one more. */
const fullServer = anyOf(
  // MySQL and Postgres, with what stands between those and their clients.
  /\bToo many connections\b|\bER_CON_COUNT_ERROR\b|\b(?:exceeded the 'max_user_connections'|more than 'max_user_connections')|\bERROR 1040\b/i,
  /\btoo many clients already\b|\bremaining connection slots are reserved\b|\btoo many connections for (?:role|database|user)\b/i,
  /\bno more connections allowed\b|(?:exceed\w{0,4}|reached|over) .{0,20}max_connections|max_connections.{0,20}(?:exceeded|reached)/i,
  // Redis, MongoDB, Oracle, SQL Server, brokers.
  /\bmax number of clients reached\b|\btoo many open connections\b|\bORA-(?:00018|00020|12516|12519|12520)\b/i,
  /\bmaximum number of user connections\b|\bconnection limit (?:\(\d{1,9}\) )?(?:is |was |has been )?(?:reached|exceeded)\b|\bmaximum connections exceeded\b/i,
);
export const isTurnedAwayForNumber = (text: string): boolean => fullServer.test(text);

const atItsLimit: Signature = {
  category: 'dependency_unreachable',
  pattern: fullServer,
  words: (target) =>
    `${target === '' ? 'a server that it calls' : target} answers and refuses one more connection: as many are open as it allows`,
};

/** What pools, frameworks and whoever waited in vain say when they got no connection, whatever kept them from it. */
const byPool: Signature = {
  category: 'dependency_unreachable',
  pattern: anyOf(
    /\bTopic \S{1,250} not present in metadata after \d{1,9} ms|Timeout expired while fetching topic metadata|Timed out waiting for a node assignment/i,
    /(?:Timeout expired after|Timeout of) \d{1,9} ?m\w{0,12} (?:expired )?(?:while awaiting|before)|Failed to update metadata after/i,
    /Connection could not be created to jdbc:\w{1,20}:(?:\w{1,20}:)?(?:\/\/)?([\w.-]{1,253}:\d{1,5})/i,
    /(?:unable|failed|cannot|could not) (?:to )?(?:obtain|acquire|get|open|create) (?:a )?(?:new )?(?:JDBC |database |db )?connection\b(?! (?:string|url|pool|factory|manager|settings?|details?|info\w*|param\w*|config\w*|object|name)\b)/i,
    /The connection attempt failed|Communications link failure|Exception during pool initialization|Cannot create PoolableConnectionFactory/i,
    /Unable to determine Dialect without JDBC metadata|Access to DialectResolutionInfo cannot be null/i,
    /Could not get a resource from the pool|Could not locate PropertySource and the fail fast property/i,
    /the provided Issuer of "?(?:https?:\/\/)?([\w.-]{1,253}(?::\d{1,5})?)/i,
    /Unable to obtain configuration from: '(https?:\/\/[^\s']{1,253})/i,
    /(?:failed|unable|could not) to? ?establish (?:a |the )?(?:new |TCP )?connection|could not establish (?:TCP )?connection/i,
    /\b\w{0,60}(?:Connection(?:Refused|Failed|Failure|TimedOut|Timeout|Lost|Closed|Reset)?|Network|ServiceUnavailable|BrokerUnreachable)(?:Error|Exception)\b(?!\()/,
    /(?:time[d ]{0,2}out|timeout) (?:while |when )?(?:connecting to|waiting for (?:an? |the )?(?:\w{1,30} )?(?:connection|response|reply|server|broker)\b)/i,
    /\b(?:servers?|brokers?|hosts?|endpoints?|services?|nodes?|clusters?|databases?|peers?|upstream|gateway|[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}) (?:did not|does not|do not|failed to|is not) (?:respond|answer|repl)/i,
    /\b(?:SSL|TLS|TCP|HTTP) connection could not be established/i,
    new RegExp(`${CANNOT}connect to ${LOCAL}(?:the |an? |its )?[\\w-]`, 'i'),
  ),
  words: silent,
  isVague: true,
};

/** A pool that is empty: all of it is in use, or nobody lets it connect. */
const emptyPool: Signature = {
  category: 'slow_dependency_db',
  pattern: /Connection is not available, request timed out after \d{3,}ms|ConnectionAcquireTimeout/i,
  words: () => 'a dependency answers too slowly',
  isVague: true,
};

/** Servers that do not answer, as their client libraries tell it. */
export const clients: readonly Signature[] = [atItsLimit, byName];
/** Connections that did not come about, in words that leave open why. */
export const pools: readonly Signature[] = [emptyPool, byPool];

/** Whoever is turned away, asks for what is not there or cannot read his own settings was answered, or never asked. */
export const wasAnswered = anyOf(
  /authentication (?:failed|failure|error)|access[ _]denied|ACCESS_REFUSED|login (?:failed|was refused)|auth(?:entication)? failed/i,
  /invalid (?:user ?name|password|credentials|user|(?:api[ _-]?)?key|token|connection string|url|uri|dsn)|not authori[sz]ed|unauthori[sz]ed|\b(?:NOAUTH|WRONGPASS)\b/i,
  /no pg_hba\.conf entry|(?:database|role|user|schema|keyspace|catalog|vhost) ['"`]\S{1,100} (?:does not exist|not found)|unknown database/i,
);

/** A broker that knows no such topic answered: the producer waits for metadata in vain all the same. */
const unknownTopic = /\bUNKNOWN_TOPIC_OR_PARTITION\b|\bTOPIC_AUTHORIZATION_FAILED\b/;
const waitsForTopic = /\bTopic \S{1,250} not present in metadata\b|Failed to update metadata after/i;

export const lacksTopic = (text: string, statements: readonly { text: string }[]): boolean =>
  waitsForTopic.test(text) && statements.some((one) => unknownTopic.test(one.text));

/** What is sent for people to watch by: nobody ends for want of it. */
export const isTelemetry = (text: string): boolean =>
  /\b(?:failed|unable|could not|error) (?:to )?(?:export|report|send|flush)(?:ing)? (?:the |\d{1,9} )?(?:spans?|traces?|metrics?|telemetry|profiles?)\b/i.test(
    text,
  );
