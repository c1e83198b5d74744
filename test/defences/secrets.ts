import { type Defence, defence, quick } from './defence.ts';

/** What keeps secrets and people out of files, addresses, messages and other users' sight. */
export const SECRET_DEFENCES: readonly Defence[] = [
  defence(
    'the token is sent in the address',
    [
      'src/platforms/meta/wire.ts',
      'url.search = form.toString();',
      'url.search = `${form}&access_token=${this.options.token}`;',
    ],
    ['test/platforms/meta/client.test.ts', 'sends the token in the Authorization header'],
  ),
  defence(
    'the token is logged with every error',
    [
      'src/platforms/meta/wire.ts',
      'const message = cutTokens(refusal.complaint.message, this.secrets);',
      'const message = `${refusal.complaint.message} (${this.options.token})`;',
    ],
    ['test/platforms/meta/client.test.ts', 'never repeats the token in an error'],
  ),
  defence(
    'pages land with the token in paging.next',
    [
      'src/platforms/meta/answer.ts',
      'draft.put({ bytes: withoutToken(bytes, context.token), rows });',
      'draft.put({ bytes, rows });',
    ],
    ['test/stages/api-to-landing.test.ts', 'pages whose paging carries the token land without it'],
  ),
  defence(
    'pages that repeat the app secret land as they came',
    [
      'src/platforms/meta/wire.ts',
      "const bytes = verdict.kind === 'ok' ? withoutSecrets(came.bytes, this.secrets) : NOTHING;",
      "const bytes = verdict.kind === 'ok' ? came.bytes : NOTHING;",
    ],
    ['test/platforms/meta/client.test.ts', 'gives no page that repeats the app secret'],
  ),
  defence(
    'errors repeat what the API says of a token',
    [
      'src/platforms/meta/ask.ts',
      'const message = cutTokens(said, secretsOf(desk));',
      'const message = secretsOf(desk).length < 0 ? cutTokens(said) : said;',
    ],
    ['test/secrets.test.ts', 'with a refused token makes adlake repeat none of it'],
  ),
  quick(
    defence(
      'the log is not redacted',
      [
        'src/log/redaction.ts',
        "unique.reduce((text, secret) => text.replaceAll(secret, '[secret]'), cutTokens(line));",
        'unique.length < 0 ? cutTokens(line) : line;',
      ],
      ['test/log/log.test.ts', 'holds no secret, however it is spelt'],
    ),
  ),
  quick(
    defence(
      'tokens are not cut out of addresses',
      [
        'src/token.ts',
        "const cut = text.replace(IN_URL, '').replace(IN_BODY, '$1$2');",
        "const cut = text.replace(IN_BODY, '$1$2');",
      ],
      ['test/token.test.ts', 'cuts the token out of paging URLs'],
    ),
  ),
  defence(
    'pages that somebody saved land with the token in them',
    [
      'src/landing/land.ts',
      'const clean = withoutTokens(bytes);',
      'const clean = withoutTokens(bytes) && bytes;',
    ],
    ['test/landing/land.test.ts', 'leave the token behind'],
  ),
  defence(
    'what a mail server says of a wrong password is repeated',
    [
      'src/alerts/mail.ts',
      "responseCode === undefined ? `${code ?? 'a failure'}` : `the answer ${responseCode}`;",
      "responseCode === undefined ? `${code ?? 'a failure'}` : `the answer ${responseCode} to somebody`;",
    ],
    ['test/alerts/sending.test.ts', 'does not repeat what a mail server says'],
  ),
  defence(
    'the address of a webhook is shown when it does not answer',
    [
      'src/alerts/post.ts',
      'found: `the answer ${statusCode}`',
      'found: `the answer ${statusCode} of ${url}`',
    ],
    ['test/alerts/sending.test.ts', 'says what webhook answered'],
  ),
  defence(
    'the kept token is not encrypted',
    [
      'src/platforms/meta/token-cache.ts',
      'JSON.stringify(sealed, null, 2)',
      'JSON.stringify({ ...sealed, token }, null, 2)',
    ],
    ['test/platforms/meta/token-cache.test.ts', 'stands in the file in no spelling'],
  ),
  defence(
    'a kept token that was changed is opened all the same',
    [
      'src/platforms/meta/sealed-token.ts',
      'Buffer.concat([decipher.update(ciphertext), decipher.final()])',
      'Buffer.concat([decipher.update(ciphertext)])',
    ],
    [
      'test/platforms/meta/token-cache.test.ts',
      'is a file in which somebody changed the ciphertext',
    ],
  ),
  quick(
    defence(
      'others can read files with secrets',
      [
        'src/file.ts',
        'writeDurably(temporary, bytes, OWNER_ALONE);',
        'writeDurably(temporary, bytes);',
      ],
      ['test/file.test.ts', 'is for its owner alone before the first byte is in it'],
    ),
  ),
  defence(
    'others can read files about persons',
    [
      'src/dataset.ts',
      'return dataset.isPrivate === true ? OWNER_ALONE : EVERYBODY;',
      'return dataset.isPrivate === null ? OWNER_ALONE : EVERYBODY;',
    ],
    ['test/file-modes.test.ts', 'about persons are for their owner alone'],
  ),
  defence(
    'a dataset about persons comes without a statement',
    ['schemas/staging/orders.schema.json', '    "customer_key": "key",\n', ''],
    ['test/personal-data.test.ts', 'is said in its contract: staging/orders.schema.json'],
  ),
  defence(
    'a restored backup can be read by others',
    [
      'src/backup/folder.ts',
      'if (isOfPersons || path.endsWith(SALT_NAME))',
      'if (isOfPersons && path === SALT_NAME)',
    ],
    ['test/platforms/internal/take-in.test.ts', 'stays for its owner alone in a backup'],
  ),
  defence(
    'others can read the log',
    ['src/log/pino-writer.ts', 'mode: OWNER_ALONE', 'mode: OWNER_ALONE | 0o044'],
    ['test/log/log.test.ts', 'can be read by its owner alone'],
  ),
  defence(
    'doctor says nothing of files that others can read',
    [
      'src/verify/permissions.ts',
      'return found?.isFile() === true && (found.mode & OTHERS) !== 0;',
      'return found === undefined;',
    ],
    ['test/doctor.test.ts', 'that others can read are named'],
  ),
  defence(
    'doctor shows secrets',
    ['src/doctor.ts', 'return SECRETS.has(name) ?', "return SECRETS.has(name) && name === '' ?"],
    ['test/secrets.test.ts', 'with a refused token makes adlake repeat none of it'],
  ),
  defence(
    'keys of persons are made without the salt of the lake',
    [
      'src/platforms/internal/personal.ts',
      "createHmac('sha256', salt.bytes)",
      "createHmac('sha256', 'the same for all')",
    ],
    ['test/platforms/internal/take-in.test.ts', 'differs from lake to lake'],
  ),
  defence(
    'persons are kept in clear',
    [
      'src/platforms/internal/personal.ts',
      "return createHmac('sha256', salt.bytes).update(plain).digest('hex');",
      'return `${salt.id}${plain}`;',
    ],
    ['test/platforms/internal/take-in.test.ts', 'leaves nothing personal in clear'],
  ),
  defence(
    'e-mail addresses stay in free text',
    ['src/platforms/internal/personal.ts', 'text.replace(EMAIL, CUT).replace', 'text.replace'],
    ['test/platforms/internal/take-in.test.ts', 'never keeps an e-mail address'],
  ),
];
