import { anyOf } from '../any-of.ts';
import type { Signature } from './signature.ts';

/** What the C library says for ECONNREFUSED and ETIMEDOUT in its translations, and what programs write of themselves. */
const unanswered = anyOf(
  /(?:拒绝|拒絕)(?:连接|連接|連線)|(?:连接|連接|連線)(?:被|遭到?)?(?:拒绝|拒絕|超时|逾時|超時)|無法連線|无法(?:连接|联接)到/i,
  /接続(?:を|が)拒否され|接続がタイムアウト|연결이? ?(?:을|이)? ?거부|연결 시간(?:을|이)? ?초과/,
  /Verbindungsaufbau abgelehnt|Verbindung (?:wurde )?(?:abgelehnt|verweigert)|Wartezeit für die Verbindung ist abgelaufen/i,
  /connexion (?:refusée|terminée par expiration)|conexi[oó]n (?:rehusada|rechazada)|expir[oó] el tiempo de conexi[oó]n/i,
  /conex[aã]o recusada|tempo esgotado para conex[aã]o|connessione rifiutata|połączenie odrzucone/i,
  /в соединении отказано|время ожидания соединения истекло|соединение отклонено/i,
);
/** And for ENOSPC. */
const noSpace = anyOf(
  /(?:设备|裝置|磁盘|磁碟)上?(?:没有|沒有|无|已无)(?:剩余|可用)?(?:的)?空间?|(?:磁盘|磁碟)(?:空间|空間)(?:不足|已满)|デバイスに空き領域がありません|장치에 남은 공간이 없음/i,
  /kein Speicherplatz mehr verfügbar|aucun espace disponible sur le périphérique|no queda espacio en el dispositivo/i,
  /não há espaço disponível no dispositivo|spazio esaurito sul device|на устройстве не осталось места/i,
);

/** Faults outside a program in other languages than English, in which systems and programs may be set to speak. */
export const translated: readonly Signature[] = [
  { category: 'dependency_unreachable', pattern: unanswered, words: () => 'a dependency does not answer' },
  { category: 'disk_full', pattern: noSpace, words: () => 'no space is left on a volume' },
];

/** By which such a line complains. */
export const complaintAbroad =
  /失败|失敗|异常|異常|拒绝|拒絕|无法|無法|エラー|できません|실패|오류|fehlgeschlagen|échou|échec|\bfall[oó]\b|falhou|не удалось|ошибка/i;
