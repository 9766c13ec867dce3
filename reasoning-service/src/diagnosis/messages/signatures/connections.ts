import { anyOf } from '../any-of.ts';
import { HOST } from './host.ts';
import type { Signature } from './signature.ts';

/** Other programs that do not answer, and those that answer too late. */
export const connections: readonly Signature[] = [
  {
    category: 'slow_dependency_db',
    pattern: anyOf(
      /canceling statement due to (?:statement|lock) timeout|statement cancelled due to timeout/i,
      /(?:db|database|sql|query) (?:query )?(?:latency|time|duration) .{0,40}exceed/i,
      /slow (?:database|db|sql) (?:query|call|response)|slow (?:query|request to|statement)(?! (?:log|threshold))/i,
      /(?:query|statement|transaction)(?: \S{1,60})? (?:took (?:longer|more|too|\d{4,}|\d{1,3}(?:\.\d{1,6})? ?(?:s|sec|seconds|min|minutes)\b)|exceeded|execution (?:time )?exceeded|was running for)/i,
      /query.{0,60}(?:duration|elapsed|took)[=: ]{1,3}\d{4,}|lock wait timeout exceeded/i,
      /maximum statement execution time exceeded|MaxTimeMSExpired|operation exceeded time limit/i,
      /query (?:read )?timeout|Timeout(?:Error)?.{0,40}acquir(?:e|ing) (?:a |the )?connection/i,
      /connection pool (?:timeout|exhausted)/i,
      /(?<!Connection is not available, )request timed out after \d{3,}ms/i,
      /QueuePool limit .{0,80}timed out|duration: \d{4,}\.\d{0,3} ms|PoolTimeout/i,
      /knex: Timeout acquiring|command timeout expired/i,
      /socket timed out.{0,60}(?:quer|read)|SocketTimeoutException: Read timed out/i,
      /upstream response time [1-9]\d{0,2}\./i,
    ),
    words: () => 'a dependency answers too slowly',
  },
  {
    category: 'dependency_unreachable',
    pattern: anyOf(
      /dial (?:tcp|udp) (\S{1,260}?): (?:connect: )?(?:connection refused|i\/o timeout|connection timed out|no route to host|network is unreachable|operation was canceled)/i,
      /"(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET)",.{0,200}?"address":"([\w.:-]{1,253})"/i,
      /\b(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET)\b ?([\w.:[\]-]{0,260})/i,
      /connection to server at "([^"]{1,253})"(?: \([\d.:a-f]{2,45}\), port (?<port>\d{1,5}))?/i,
      /connect(?:ion)? (?:timed out|refused) (?:to |at )?(?:\[::ffff:)?([\w.-]{1,253})\]?:(?<port>\d{1,5})\b/i,
      /(?<![\w./:@-])((?:[a-z0-9][\w-]{0,62}\.){0,8}[a-z0-9][\w-]{0,62}:\d{2,5})[:,]? (?:i\/o timeout|connection refused|no route to host|connect(?:ion)? timed out)/i,
      /connect\(2\) for "([^"]{1,253})" port (?<port>\d{1,5})/i,
      /\b([\w.-]{1,253}:\d{1,5})\/(?:bootstrap|\d{1,9}): Connect to ipv[46]#/i,
      /(?:connect(?:ing)? to|connection to) (?:[\w-]{1,40} (?:at|on) )?['"]?(?:ipv[46]#)?((?:\w+:\/\/)?[\w.-]{1,253}(?::\d{1,5})?)['"]?,? ?[^\n]{0,120}?(?:refused|timed out|unreachable|not available|no route|failed)/i,
      new RegExp(
        `\\breach (?:[\\w-]{1,40} (?:at|on) )?['"]?(${HOST})(?![\\w.-]).{0,120}?(?:refused|timed out|unreachable|not available|no route|failed)`,
      ),
      /\breach (?:the )?([\w-]{1,63}):? .{0,40}?(?:connection refused|unreachable|no route)/i,
      /can(?:'t|not) (?:connect to|reach) (?:the |local )?(?:\w{1,20} )?server (?:on|at|through) ['"`]?([^'"`\s]{1,253})/i,
      /Error \d{3} connecting to ([\w.:-]{1,260})/i,
      /\bhome node '?[\w-]{1,100}@([\w.-]{1,253})'? of .{0,300}\bis down or inaccessible/i,
    ),
    words: (target) => `${target === '' ? 'a dependency' : target} does not answer`,
  },
  {
    category: 'dependency_unreachable',
    pattern: anyOf(
      /connection (?:was |is |has been )?(?:refused|timed out|reset by peer)/i,
      /connect(?:ion)? (?:timed out|time ?out(?!s| (?:must|should|may)\b|(?: is| set to| of|:|=| =)? ?\d{1,7} ?(?:ms|s|sec|seconds|m)\b))|ConnectException|ConnectTimeoutException/i,
      /NoBrokersAvailable|broker(?:s are|s| transport).{0,30}\b(?:down|failure|unavailable)/i,
      /bootstrap (?:broker|server).{0,80}disconnected|ServerSelection(?:Timeout)?Error/i,
      /no (?:primary|reachable) server|no route to host|host is unreachable/i,
      /upstream (?:connect error|prematurely closed|timed out)|no healthy upstream|connect\(\) failed/i,
      /(?:timeout of \d{2,7}ms exceeded|context deadline exceeded|request canceled while waiting for connection|Client\.Timeout exceeded).{0,120}(?:https?|tcp|grpc):\/\/([^\s"'/]{1,253})/i,
      /(?:503 Service Unavailable|502 Bad Gateway|504 Gateway)/i,
      /could not connect to (?:server|the|database|redis|broker)/i,
      /(?:database|redis|broker|cache|queue|rabbitmq|kafka|postgres|mysql|mongo)\S{0,20} (?:is )?(?:unreachable|unavailable|not reachable|down)\b(?! to\b)/i,
      /\breach (?:the |its |a )?(?:database|db|server|service|broker|cache|queue|host|upstream|backend|endpoint|api|cluster)\b.{0,120}?(?:refused|timed out|unreachable|not available|no route|failed)/i,
      /AMQPConnectionError|AmqpConnectException|ORA-12(?:170|505|514|541|543|545):|TNS:no listener/i,
      /Connection to node -?\d{1,6} .{0,120}could not be established|rpc error: code = Unavailable/i,
      /(?:StatusRuntimeException: |\b14 |code[ =:]{1,3})UNAVAILABLE\b|HTTPS?ConnectionPool\(host='([^']{1,253})'|Max retries exceeded (?:with url|(?:while )?connect)|NoHostAvailable/i,
    ),
    words: (target) => `${target === '' ? 'a dependency' : target} does not answer`,
  },
];
