import { describe, expect, it } from '@jest/globals';
import { isComplaint, statementsOf } from '../log-line.ts';
import { firstCause } from '../log-signature.ts';

const refused = 'dependency_unreachable';

describe('a log in another language', () => {
  it.each([
    ['2026-11-20 10:14:01 错误 数据库连接失败: 连接被拒绝 10.0.0.8:3306', refused],
    ['psql: 错误: 无法联接到服务器: 拒绝连接', refused],
    ['2026-11-20 10:14:01 エラー 接続を拒否されました', refused],
    ['2026-11-20 10:14:01 오류 10.0.0.8:3306 연결이 거부됨', refused],
    ['could not connect: Verbindungsaufbau abgelehnt', refused],
    ['ERREUR : connexion refusée', refused],
    ['ERROR: Conexión rehusada', refused],
    ['ОШИБКА: В соединении отказано', refused],
    ['2026-11-20 10:14:01 错误 连接超时: 10.0.0.8:3306', refused],
    ['FEHLER: Auf dem Gerät ist kein Speicherplatz mehr verfügbar', 'disk_full'],
    ['错误: 设备上没有空间', 'disk_full'],
    ['ОШИБКА: На устройстве не осталось места', 'disk_full'],
  ])('names the cause of: %s', (line, category) => expect(firstCause(statementsOf([line]))?.category).toBe(category));

  it.each([
    ['2026-11-20 10:14:01 错误 订单 7 无效', 'error'],
    ['2026-11-20 10:14:01 [警告] 缓存未命中', 'warn'],
    ['2026-11-20 10:14:01 エラー: 注文 7', 'error'],
    ['2026-11-20 10:14:01 FEHLER:  Bestellung 7', 'error'],
    ['2026-11-20 10:14:01 ОШИБКА:  заказ 7', 'error'],
    ['2026-11-20 10:14:01 信息 错误次数 0', 'info'],
    ['2026-11-20 10:14:01 INFO 错误 0', 'info'],
    ['2026-11-20 10:14:01 订单 7 完成', 'none'],
  ])('states its level: %s', (line, level) => expect(statementsOf([line])[0]?.level).toBe(level));

  it.each([
    ['创建订单失败', true],
    ['Anmeldung fehlgeschlagen', true],
    ['не удалось создать заказ', true],
    ['订单创建成功', false],
  ])('complains or does not: %s', (line, isOne) => expect(statementsOf([line]).some(isComplaint)).toBe(isOne));
});
