import type { Signature } from './signature.ts';

/** Other programs that do not answer, and those that answer too late. */
export const connections: readonly Signature[] = [
  {
    category: 'slow_dependency_db',
    pattern:
      /canceling statement due to (?:statement|lock) timeout|statement cancelled due to timeout|ConnectionAcquireTimeout|(?:db|database|sql|query) (?:query )?(?:latency|time|duration) .{0,40}exceed|slow (?:database|db|sql) (?:query|call|response)|slow (?:query|request to|statement)|(?:query|statement|transaction)(?: \S{1,60})? (?:took|exceeded|execution (?:time )?exceeded|was running for)|query.{0,60}(?:duration|elapsed|took)[=: ]{1,3}\d{4,}|lock wait timeout exceeded|maximum statement execution time exceeded|MaxTimeMSExpired|operation exceeded time limit|query (?:read )?timeout|Timeout(?:Error)?.{0,40}acquir(?:e|ing) (?:a |the )?connection|connection pool (?:timeout|exhausted)|(?:Connection is not available, )?request timed out after \d{3,}ms|QueuePool limit .{0,80}timed out|duration: \d{4,}\.\d{0,3} ms|PoolTimeout|knex: Timeout acquiring|command timeout expired|deadlock_timeout|socket timed out.{0,60}(?:quer|read)|SocketTimeoutException: Read timed out|upstream response time \d{1,3}\./i,
    words: () => 'a dependency answers too slowly',
  },
  {
    category: 'dependency_unreachable',
    pattern:
      /dial (?:tcp|udp) (\S{1,260}?): (?:connect: )?(?:connection refused|i\/o timeout|connection timed out|no route to host|network is unreachable|operation was canceled)|\b(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET)\b ?([\w.:[\]-]{0,260})|connection to server at "([^"]{1,253})"|\b([\w.-]{1,253}:\d{1,5})\/(?:bootstrap|\d{1,9}): Connect to ipv[46]#|(?:connect(?:ing)? to|connection to|reach) (?:[\w-]{1,40} (?:at|on) )?['"]?(?:ipv[46]#)?((?:\w+:\/\/)?[\w.-]{1,253}(?::\d{1,5})?)['"]?,? ?[^\n]{0,120}?(?:refused|timed out|unreachable|not available|no route|failed)|can't connect to (?:local )?(?:\w{1,20} )?server (?:on|at|through) '?([^'\s]{1,253})|Error \d{3} connecting to ([\w.:-]{1,260})/i,
    words: (target) => `${target === '' ? 'a dependency' : target} does not answer`,
  },
  {
    category: 'dependency_unreachable',
    pattern:
      /connection (?:was |is |has been )?(?:refused|timed out|reset by peer)|connect(?:ion)? timed? ?out|ConnectException|ConnectTimeoutException|Communications link failure|NoBrokersAvailable|broker(?:s are|s| transport).{0,30}(?:down|failure|unavailable)|bootstrap (?:broker|server).{0,80}disconnected|ServerSelection(?:Timeout)?Error|no (?:primary|reachable) server|no route to host|host is unreachable|upstream (?:connect error|prematurely closed|timed out)|no healthy upstream|connect\(\) failed|(?:timeout of \d{2,7}ms exceeded|context deadline exceeded|request canceled while waiting for connection|Client\.Timeout exceeded).{0,120}(?:https?|tcp|grpc):\/\/([^\s"'/]{1,253})|too many (?:clients already|connections)|remaining connection slots are reserved|max_connections|(?:503 Service Unavailable|502 Bad Gateway|504 Gateway)|could not connect to (?:server|the|database|redis|broker)|(?:database|redis|broker|cache|queue|rabbitmq|kafka|postgres|mysql|mongo)\S{0,20} (?:is )?(?:unreachable|unavailable|not reachable|down)|AMQPConnectionError|AmqpConnectException|Connection to node -?\d{1,6} .{0,120}could not be established|rpc error: code = Unavailable|UNAVAILABLE: |HTTPConnectionPool|Max retries exceeded|NoHostAvailable/i,
    words: (target) => `${target === '' ? 'a dependency' : target} does not answer`,
  },
];
