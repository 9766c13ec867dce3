import { anyOf } from '../any-of.ts';
import { HOST } from './host.ts';
import type { Signature } from './signature.ts';

/** How Kubernetes' own client tells that the API server answered 401. */
const notKnown =
  /\bthe server has asked for the client to provide credentials\b|\bfailed to (?:list|watch) \*?[\w./]{1,120}: Unauthorized\b/;
export const isNotKnownToApiServer = (text: string): boolean => notKnown.test(text);

/** What the platform under a program does to it: rights, disks, brokers, certificates, names. */
export const platform: readonly Signature[] = [
  {
    category: 'rbac_forbidden',
    pattern:
      /Forbidden! ?(?:Configured service account|User) (system:serviceaccount:\S{1,200})|(?:is forbidden|cannot (?:list|get|watch|create|update|patch|delete)).{0,40}User "(system:serviceaccount:[^"]{1,200})"|User "(system:serviceaccount:[^"]{1,200})" cannot/,
    words: (target) => `the API server denies ${target}`,
  },
  {
    category: 'rbac_forbidden',
    pattern: notKnown,
    words: () => 'the API server does not know who calls (401): its token or certificate is not accepted',
  },
  {
    category: 'message_broker_partition',
    pattern: anyOf(
      /inconsistent_database|running_partitioned_network|starting_partitioned_network/i,
      /(?<!no )(?:network|cluster) partition (?:detected|between)|partial partition detected/i,
      /partitioned nodes|partitioned from (?:the |its |other )?(?:cluster|nodes?|brokers?|members?|peers?|\S{1,100}@)|split[- ]brain(?! ?(?:protection|resolver|detection|prevention))|cluster (?:is )?partitioned/i,
      /(?:no|lost) (?:raft |controller |jetstream )?quorum|quorum (?:lost|stall)|minority partition/i,
      /Shrinking ISR .{0,200}(?:partition|unreachable)|JetStream cluster no metadata leader/i,
      /cannot open channel to \d{1,3} at election|cluster minority(?:\/secondary)? status detected/i,
    ),
    words: () => "the broker's cluster is split",
  },
  {
    category: 'message_broker_partition',
    pattern:
      /NotEnoughReplicas(?:AfterAppend)?(?:Exception|Error)|\bNOT_ENOUGH_REPLICAS|current ISR\b.{0,40}insufficient to satisfy the min\.isr/,
    words: () => "too few replicas of the broker's cluster are in step",
  },
  {
    category: 'disk_full',
    pattern: anyOf(
      /no space left on device|\bENOSPC\b|could not extend file|disk (?:is )?full\b(?! ?(?:check|threshold|limit|alarm|scan|backup))/i,
      /not enough space on the disk|disk quota exceeded|flood.stage (?:disk )?watermark.{0,20}exceeded/i,
      /database or disk is full|errno[:=]? ?28\b|filesystem is full/i,
      // ClickHouse, MySQL, Oracle, SQL Server, MongoDB, MinIO, Cassandra, RabbitMQ, Elasticsearch.
      /\bNOT_ENOUGH_SPACE\b|\bThe table '[^']{1,130}' is full\b|\bORA-(?:0165[0-9]|01688|0169[123]|00257|19809|19815)\b/,
      /because the '[^']{1,130}' filegroup is full|transaction log for database '[^']{1,130}' is full|\bOutOfDiskSpace\b/,
      /reached its minimum free drive threshold|XMinioStorageFull|not enough space for compaction/i,
      /disk resource limit alarm set\b|disk usage exceeded flood.stage watermark/i,
      /(?:not enough|insufficient|out of) (?:free |available )?(?:disk|storage|drive|file ?system) space/i,
    ),
    words: () => 'no space is left on a volume',
  },
  {
    category: 'dns_failure',
    pattern: anyOf(
      /lookup (\S{1,253})(?: on \S{1,80})?:.{0,120}(?:no such host|i\/o timeout|server misbehaving|SERVFAIL|refused)/i,
      /(?:getaddrinfo|queryA+) (?:ENOTFOUND|EAI_AGAIN|ESERVFAIL|ETIMEOUT) ?(\S{0,253})/i,
      /\b(?:ENOTFOUND|EAI_AGAIN)\b ?(\S{0,253})|UnknownHostException: ([^\s:]{1,253})/i,
      /could not translate host name "([^"]{1,253})"|host not found in upstream "([^"]{1,253})"/i,
      /Unknown (?:\w{1,20} )?server host '([^']{1,253})'|Temporary failure resolving '([^']{1,253})'|\bHost not found \((?:authoritative|non-authoritative[^)]{0,40})\)/i,
      /could not resolve host:? ?(\S{0,253})/i,
      /(?:failed|unable) to resolve (?:the )?(?:host(?:[ -]?name)?|(?:domain|dns|server)(?: name)?|(?:ip |host )?address|name)(?: (?:name|address|of|for))?:? ['"]?([\w.-]{1,253})/i,
      new RegExp(`(?:failed|unable) to resolve ['"\`]?(${HOST})(?![\\w.-]|:[a-z])`, 'i'),
      /(?:could(?:n't| not)|can(?:'t|not)|failed to|unable to) resolve (?:the )?(?:bootstrap )?server:? ['"`]?([\w.-]{1,253})/i,
      /\bDNS (?:resolution|lookup)(?: has)? failed(?: for ['"`]?([\w.-]{1,253}))?|no resolvable bootstrap urls/i,
      /no such host/i,
      /name or service not known|temporary failure in name resolution|name does not resolve/i,
      /nodename nor servname|NameResolutionError|gaierror|NXDOMAIN|bad address '([^']{1,253})'/i,
      /read udp \S{1,80}->\S{1,60}:53: i\/o timeout|Name has no usable address/i,
    ),
    words: (target) => `the name ${target === '' ? 'of a host' : target} does not resolve`,
  },
  {
    category: 'tls_certificate_expired',
    pattern: anyOf(
      /x509: (?:certificate|cannot validate|failed to)/i,
      /certificate (?:has expired|is not yet valid|verify failed|signed by unknown authority|expired)/i,
      /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER/i,
      /SELF_SIGNED_CERT|DEPTH_ZERO_SELF|CERTIFICATE_VERIFY_FAILED|CertificateExpiredException/i,
      /CertificateNotYetValid|PKIX path (?:building|validation) failed/i,
      /unable to get local issuer certificate|(?<!(?:generat|creat|us|issu|load)\w{1,4} (?:(?:a|an|the|new) ){0,2})self.signed certificate/i,
      /tls: (?:failed to verify|bad certificate|unknown certificate|expired certificate)/i,
      /invalid peer certificate: (?:cert(?:ificate)?[ _]?)?(?:expired|not[ _]?valid[ _]?yet|unknown[ _]?(?:issuer|ca)|not[ _]?valid[ _]?for[ _]?name|self[ _]?signed|revoked)/i,
      /InvalidCertificate\((?:Expired|NotValidYet|UnknownIssuer|NotValidForName|Revoked)/,
      // Good, but for another name than the one that was called.
      /ERR_TLS_CERT_ALTNAME_INVALID|does(?:n't| not) match (?:any of )?the (?:certificate's altnames|subject alternative names)/i,
      /no alternative certificate subject name matches|No subject alternative (?:DNS )?names? (?:matching|present)/i,
      /alert certificate (?:expired|unknown)|remote certificate is invalid|certificate is expired/i,
    ),
    words: () => 'a certificate is expired or not trusted',
  },
];
