import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redact, redactDeep } from './index.ts';

/** Every shape in which a secret is written down, with `X` where it stands. */
const planted = [
  'password=X ok',
  '{"api_key": "X"}',
  "config['password'] = 'X'",
  'Server=db;Uid=u;Pwd=X;',
  'db_pass : X',
  'PGPASSWORD=X psql failed',
  'AWS_SECRET_ACCESS_KEY=X/abc',
  'SECRET_KEY_BASE=X',
  'GET /x?api_key=X&y=1',
  'GET /x?redirect=token%3DX',
  'passphrase: X',
  'password:   "X and more"',
  'password="X and no end',
  'password: |\n  X',
  'name: DB_PASSWORD\n  value: X',
  '{"name":"DB_PASSWORD","value":"X"}',
  'migrate --password X --host db failed',
  'run --token=X',
  "run --client-secret 'X'",
  'exec ["migrate", "--db-password", "X"]',
  'exec [migrate --db-password X]',
  'args: --db-password,X',
  'mysql -uroot -pX -h db',
  'mysqldump --host db -pX shop',
  "psql 'host=db password=X'",
  'sshpass -p X ssh host',
  'redis-cli -h cache -a X ping',
  'curl -u admin:X https://shop.example.com',
  'curl -sS --user "admin:X" https://shop.example.com',
  '{\\"db\\":{\\"password\\":\\"X\\"}}',
  '{\\\\\\"password\\\\\\":\\\\\\"X\\\\\\"}',
  '{"password":"a\\"X"}',
  '"password" => "X"',
  ':password => "X"',
  '<password>X</password>',
  '<ns:password type="text">X</ns:password>',
  '<add key="password" value="X" />',
  'Set-Cookie: session=X; Path=/',
  'cookie: a=1; sid=X',
  'bindpw X',
  'requirepass X',
  'machine db login app password X',
  "ALTER USER app PASSWORD 'X'",
  "CREATE USER app IDENTIFIED BY 'X'",
  'the password is X',
  'the password of admin is X',
  'the token was X.',
  '密码: X',
  '密码是X',
  '令牌=X',
  'Authorization: Bearer X',
  'authorization: Basic X',
  'Authorization: Token X',
  'postgres://user:X@db:5432/x',
  'redis://:X@r:6379',
  'postgres://user:p@X@db:5432/x',
  'https://hooks.slack.com/services/T000/B000/Xabcdefghijklmn',
  '-----BEGIN RSA PRIVATE KEY-----\nX\n-----END RSA PRIVATE KEY-----',
];

/** What people need to read, though a word in it sounds like a secret. */
const harmless = [
  'secret "db-login" not found; 0/3 nodes are available: 3 Insufficient cpu.',
  'load secrets: error',
  'cannot read the token: operation not permitted',
  'password: operation not permitted',
  "Access denied for user 'app'@'10.0.0.1' (using password: YES)",
  'password authentication failed for user "app"',
  'the password is wrong',
  'the token is expired',
  'token is not valid yet',
  'the secret is immutable and cannot be changed',
  'references non-existent secret key: tls.key',
  "couldn't find key DB_PASSWORD in Secret shop/login",
  'secretName: db-login',
  'secretKeyRef: name: db-login',
  'automountServiceAccountToken: false',
  'max_tokens=4000, input_tokens: 120',
  'tokenExpirationSeconds: 3607',
  'SyntaxError: unexpected token: }',
  'Unexpected token < in JSON at position 0',
  'syntax error near unexpected token `fi',
  'flag needs an argument: --password',
  '  --password string   password of the database',
  'the flag --token is missing',
  'run --password $(DB_PASSWORD) --token $DB_TOKEN',
  'run --password-file /run/login/file',
  'Basic authentication failed',
  'bypass: enabled, compass=north',
  'pod disk-pressure-watcher-of-the-node-1 was evicted',
  'cookie is not set',
  'Pod cart-00pw0 in shop',
  'mysql -h db -P 3306',
  'docker run --user 1000:1000 app',
  'curl -s http://cart:8080/health',
  'failed to list *v1.Secret: secrets is forbidden: User "x" cannot list resource "secrets"',
  'env.DB_PASSWORD is missing',
  'Error: password: required',
  'POSTGRES_PASSWORD must be set',
  'http://cart:8080 and http://cart:8081/@x',
];

describe('redact', () => {
  it.each(planted)('takes the secret out of: %s', (shape) => {
    for (const secret of ['Zq7leak1', 'hunter-Two', 'Tr0ub4dor_3'])
      expect(redact(shape.replace('X', () => secret))).not.toContain(secret);
  });

  it.each(harmless)('leaves: %s', (line) => expect(redact(line)).toBe(line));

  it.each([
    ['password=hunter2 ok', 'password=[redacted] ok'],
    ['the password is swordfish', 'the password is [redacted]'],
    ['{"api_key": "abc123", "port": 1}', '{"api_key": "[redacted]", "port": 1}'],
    ['migrate --password hunter2 --host db', 'migrate --password [redacted] --host db'],
    ['postgres://user:s3cret@db:5432/x', 'postgres://user:[redacted]@db:5432/x'],
    ['Authorization: Bearer abcdefghijkl', 'Authorization: Bearer [redacted]'],
    ['key AKIAABCDEFGHIJKLMNOP used', 'key [redacted] used'],
    ['a\u0000b\u001b[31m', 'ab[31m'],
  ])('leaves what stands around it: %s', (text, clean) => expect(redact(text)).toBe(clean));

  it.each([
    'secret "db-login" not found; 0/3 nodes are available: 3 Insufficient cpu.',
    'cannot load secrets: operation error of the store: no such host',
    'could not get a token: dial tcp 10.0.0.7:443: connection refused',
  ])('leaves what people need to read: %s', (line) => expect(redact(line)).toBe(line));

  it.each([
    ['token=operation error', 'token=[redacted] error'],
    ['secret: operational', 'secret: [redacted]'],
    ['password: "error in it"', 'password: "[redacted]"'],
  ])('takes no secret for the words of an error: %s', (text, clean) => expect(redact(text)).toBe(clean));

  it('reaches every string of a value and changes nothing on a second pass', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = redactDeep(value);
        expect(redactDeep(once)).toEqual(once);
      }),
    );
    for (const shape of planted) {
      const once = redact(shape);
      expect(redact(once)).toBe(once);
    }
    expect(redactDeep({ a: ['token: abcdef'] })).toEqual({ a: ['token: [redacted]'] });
  });

  it('masks a word of a list that follows an option which asks for a secret', () => {
    const args = ['migrate', '--db-password', 'Zq7', '--token', '--verbose', '--port', '80'];
    expect(redactDeep({ args })).toEqual({
      args: ['migrate', '--db-password', '[redacted]', '--token', '--verbose', '--port', '80'],
    });
  });

  it.each([
    'a-',
    'a.',
    'eyJ-',
    'a://',
    'x://u:',
    'password',
    'password ',
    '--password ',
    'password="',
    '\\',
    'cookie:',
  ])('takes time in proportion to the length of a text of nothing but %s', (piece) => {
    const cost = (length: number) => {
      const text = piece.repeat(length / piece.length);
      const before = process.cpuUsage();
      redact(text);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    };
    cost(100_000);
    expect(() => redact(`password=${piece.repeat(10_000_000 / piece.length)}`)).not.toThrow();
    // A square of the length would be minutes.
    expect(cost(2_000_000)).toBeLessThan(4_000);
  });

  it.each(['password=', 'password="', 'Bearer ', 'eyJ', 'sk-', 'ghp_', 'Set-Cookie: a=', 'x://u:'])(
    'stands 10 MB in one word behind %s',
    (head) => expect(redact(`${head}${'aB3'.repeat(3_400_000)}`).length).toBeGreaterThan(0),
  );
});
