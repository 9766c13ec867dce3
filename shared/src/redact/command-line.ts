import { MASK } from './named-secret.ts';

type Client = {
  program: RegExp;
  /** What stands before the secret, and the secret. */
  option: RegExp;
};

const oneLetter = (letter: string): RegExp =>
  new RegExp(`([\\s"',]-${letter}[\\s"',=]{1,5})([^\\s"',-][^\\s"',]*)`, 'g');

/** Programs that take a secret without its name: by an option of one letter, or by its place. */
const clients: readonly Client[] = [
  { program: /\b(?:mysql|mariadb)[^\n|]*/g, option: /([\s"',]-p)([^\s"',]+)/g },
  // Elsewhere `docker -p` opens a port.
  { program: /\b(?:sshpass|mongo|cqlsh|beeline|(?:docker|helm)\b.{0,200}?\blogin\b)[^\n|]*/g, option: oneLetter('p') },
  { program: /\bredis-cli[^\n|]*/g, option: oneLetter('a') },
  { program: /\bldap(?:search|modify|add|delete|whoami|compare|modrdn|exop|passwd)\b[^\n|]*/g, option: oneLetter('w') },
  { program: /\bldappasswd\b[^\n|]*/g, option: oneLetter('[sa]') },
  { program: /\b(?:sqlcmd|osql|bcp|mosquitto_[ps]ub)\b[^\n|]*/g, option: oneLetter('P') },
  {
    program: /\bcurl[^\n|]*/g,
    option: /([\s"',](?:-u|-U|--user|--proxy-user)[\s"',=]{0,5}[^\s:"',-][^\s:"']{0,100}:)([^\s"']+)/g,
  },
  {
    program: /\b(?:sqlplus|sqlldr|expdp|impdp|rman)\s[^\n|]*/g,
    option: /^(\w+(?:[ \t]+-[A-Z]\b(?:[ \t]+[\d.]{1,10})?){0,5}[ \t]+["']?[A-Z][\w$#.]{0,60}\/)([^\s@"'/]+)/gi,
  },
  {
    program: /\brabbitmqctl\b[^\n|]*/g,
    option: /(\b(?:add_user|change_password|authenticate_user)\s{1,5}\S{1,100}\s{1,5})(\S+)/g,
  },
  {
    program: /\bkubectl\b.{0,200}?\bcreate\s{1,5}secret\b[^\n|]*/g,
    option: /(--from-literal[\s=]["']?[\w.-]{1,253}=)([^\s"']+)/g,
  },
  { program: /\baws\b[^\n|]*/g, option: /(\bset\s{1,5}\S{0,100}aws_(?:secret_access_key|session_token)\s{1,5})(\S+)/g },
];

const anyClient =
  /sshpass|mongo|cqlsh|beeline|docker|helm|redis-cli|mysql|mariadb|ldap|sqlcmd|osql|bcp|mosquitto|curl|sql(?:plus|ldr)|(?:ex|im)pdp|rman|rabbitmqctl|kubectl|aws/;

/** The text with a mask for each secret that a known program is called with. */
export function maskClients(text: string): string {
  if (!anyClient.test(text)) return text;
  return clients.reduce(
    (rest, { program, option }) => rest.replace(program, (call) => call.replace(option, `$1${MASK}`)),
    text,
  );
}
