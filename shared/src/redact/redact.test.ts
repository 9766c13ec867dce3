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
  'docker login -u ci -p X registry.example.com',
  'helm registry login registry.example.com -u ci -p X',
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
  'postgres://user:a/X#c@db:5432/x',
  'redis://:X/b@r:6379',
  'svc:X@tcp(mysql.db.svc:3306)/app',
  'dsn="svc:p/X:q@unix(/run/mysqld.sock)/app" cannot be opened',
  'dial svc:aX1@db:5432/app: connection refused',
  'Config { host: "db", password: Some("X") }',
  'Config { password: Some(Secret("X")), port: 1 }',
  'Login(Some(app), password=Some(X), port=1)',
  'password=Optional[X]',
  'sqlplus scott/X@db:1521/x',
  'sqlplus -S -L "scott/X" @run.sql',
  'jdbc:oracle:thin:scott/X@//db:1521/x',
  'cannot reach scott/X@//db:1521/x',
  'connect("scott/X@db:1521/x")',
  'ldapsearch -x -D cn=admin -w X -b dc=x',
  'ldappasswd -D cn=admin -s X cn=app',
  'sqlcmd -S db -U sa -P X -Q "select 1"',
  'cqlsh -u app -p X db',
  'rabbitmqctl add_user app X',
  'kubectl -n shop create secret generic db --from-literal=word=X',
  'aws configure set aws_secret_access_key X',
  'keytool -list -storepass X',
  'smb //nas/share -U corp\\\\app%X',
  'smbclient --user=app%X //nas/share',
  'PDO->__construct("mysql:host=db", "app", "X")',
  "#0 /app/db.php(3): PDO->__construct('mysql:host=db', 'app', 'X')",
  'mysql.connector.connect("db","app","X")',
  'mysqli_connect(\\"db\\", \\"app\\", \\"X\\", \\"shop\\")',
  'DriverManager.getConnection(url, "app", "X")',
  "ldap_bind(Resource id #3, 'cn=admin', 'X')",
  "oci_connect('scott', 'X', 'db')",
  'smtp.login("app", "X")',
  'client-key-data: X',
];

const run = (length: number): string => 'aB3xK9qL0mW7'.repeat(20).slice(0, length);
const hex = (length: number): string => '9f3a0c7e51b2d864'.repeat(20).slice(0, length);

/** Tokens whose maker or place tells them, with nothing beside them that says so; each with the part that must not stay. */
const issued: readonly (readonly [line: string, secret: string])[] = [
  ...[
    'glpat-',
    'gldt-',
    'github_pat_',
    'ghp_',
    'npm_',
    'AIzaSy',
    'sk_live_',
    'rk_test_',
    'whsec_',
    'hvs.',
    'hvb.',
    'shpat_',
    'dckr_pat_',
    'pypi-',
    'glsa_',
    'hf_',
    'GOCSPX-',
    'ya29.',
    'xapp-1-',
    'xoxb-',
  ].map((head) => [`refused ${head}${run(36)} today`, run(36)] as const),
  [`dop_v1_${hex(64)}`, hex(64)],
  [`SG.${run(22)}.${run(43)} refused`, run(22)],
  [`GET https://api.telegram.org/bot123456789:${run(35)}/sendMessage`, run(35)],
  [`POST https://discord.com/api/webhooks/123456789012345678/${run(60)}`, run(60)],
  [`POST https://shop.webhook.office.com/webhookb2/${run(36)}@${run(36)}/IncomingWebhook/${hex(32)}`, hex(32)],
  [`GET https://b.s3.amazonaws.com/k?X-Amz-Expires=900&X-Amz-Signature=${hex(64)} refused`, hex(64)],
  [`GET https://x.blob.core.windows.net/c/f?sv=2022-11-02&sr=b&sig=${run(43)}%3D refused`, run(43)],
  [`GET https://storage.googleapis.com/b/o?X-Goog-Signature=${hex(128)}`, hex(64)],
  [`Credential=x/20260301/eu, SignedHeaders=host, Signature=${hex(64)}`, hex(64)],
  [`AKIAABCDEFGHIJKLMNOP ${run(40)} refused`, run(40)],
  [`AKIAABCDEFGHIJKLMNOP, "secret" = "${run(40)}"`, run(40)],
  [`using encryption key ${hex(64)} for the disk`, hex(64)],
  [`aws secret ${run(40)} refused`, run(40)],
  ['api key egTATB8ldp rejected', 'egTATB8ldp'],
  ['the token q7Rt2mKx91 was refused', 'q7Rt2mKx91'],
  [`{"client-key": "${Buffer.from(`-----BEGIN EC PRIVATE KEY-----\n${run(60)}`).toString('base64')}"}`, 'PRIVATE'],
  [
    `tls.key ${Buffer.from(`-----BEGIN PRIVATE KEY-----\n${run(60)}`).toString('base64')}`,
    Buffer.from(run(60)).toString('base64').slice(8, 40),
  ],
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
  'dial tcp: connect auth-token:8443, a0a00a0a-a0pw0:5432 refused',
  'mysql -h db -P 3306',
  'docker run --user 1000:1000 app',
  'docker run -d -p 8080:80 app',
  'curl -s http://cart:8080/health',
  'failed to list *v1.Secret: secrets is forbidden: User "x" cannot list resource "secrets"',
  'env.DB_PASSWORD is missing',
  'Error: password: required',
  'POSTGRES_PASSWORD must be set',
  'http://cart:8080 and http://cart:8081/@x',
  'GET http://cart:8080/users/ops@example.com failed',
  'http://[::1]:8080/@x and mongodb://a:27017,b:27017/x?y=@z',
  'Back-off pulling image "registry.example.com/shop/cart:1.25@sha256:0123456789abcdef0123456789abcdef/x"',
  'mail from user:app1@example.com:25 refused, sip:ops1@example.com:5060',
  'node rabbit@rabbit-0 down, level:error@main.go:35',
  'Config { host: "db", password: None, token: Some(Secret([REDACTED alloc::string::String])) }',
  'password = os.Getenv("DB_PASSWORD"), token: env("API_TOKEN")',
  'sqlplus: error while loading shared libraries: /usr/lib/libsqlplus.so',
  'sqlplus exited, see logs/sqlplus.log; sqlplus / as sysdba; sqlplus /nolog',
  'ldapsearch -x -W -s sub -b dc=x failed',
  'net.connect("tcp", "10.0.0.1", "8080") and socket.connect("localhost", 5432)',
  'connect(fd, sockaddr, 16) failed: connection refused',
  'kubectl create configmap x --from-literal=mode=fast',
  'signature=invalid, &sig=none, signature verification failed',
  'cannot decode private key PKCS8EncodedKeySpec of token OAuth2AccessToken',
  'secret db-login-5f7d8b9c6d is missing, secret 7d8b9c6d5f of it too',
  'the private key SHA256:abc does not match; master key rotation failed',
  'docker run -U 80%ofmemory; used 80%of disk',
  'SG.foo.bar, npm_config_registry=https://registry.npmjs.org, npm_lifecycle_event',
  'at hf_transformer_block, s.sleep, glpat is unset, github_pat_ is missing',
  'certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUM1',
];

describe('redact', () => {
  it.each(planted)('takes the secret out of: %s', (shape) => {
    for (const secret of ['Zq7leak1', 'hunter-Two', 'Tr0ub4dor_3'])
      expect(redact(shape.replace('X', () => secret))).not.toContain(secret);
  });

  it.each(issued)('knows by its make: %s', (line, secret) => {
    const clean = redact(line);
    expect(clean).toContain('[redacted]');
    expect(clean).not.toContain(secret);
    expect(redact(clean)).toBe(clean);
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
    ['svc:pw9x@tcp(db:3306)/app', 'svc:[redacted]@tcp(db:3306)/app'],
    ['postgres://u:a/b#c@db:5432/x', 'postgres://u:[redacted]@db:5432/x'],
    ['postgres://u:a/b@db/x?mail=a@b', 'postgres://u:[redacted]@db/x?mail=a@b'],
    ['password: Some("pw9x"), port: 1', 'password: Some("[redacted]"), port: 1'],
    ['sqlplus scott/pw9x@db:1521/x', 'sqlplus scott/[redacted]@db:1521/x'],
    ['connect("db", "app", "pw9x", "shop")', 'connect("db", "app", "[redacted]", "shop")'],
    ['https://x/y?X-Amz-Signature=0123456789abcdef&z=1', 'https://x/y?X-Amz-Signature=[redacted]&z=1'],
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
    '=a:',
    'a1:',
    'a/',
    '@',
    'x@//',
    'connect(a,',
    'sqlplus a/',
    'api key ',
    'Some(',
    'password: Some(',
    'AKIAABCDEFGHIJKLMNOP ',
    ' -U a',
    '&sig=',
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
