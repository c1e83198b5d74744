import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** A mail server on this machine that keeps what it is sent. */
export interface SmtpServer {
  /** With a user and a password in it. */
  readonly url: string;
  /** What came after DATA, with the envelope before it. */
  readonly mails: readonly ReceivedMail[];
  readonly close: () => Promise<void>;
}

/** One mail, as it came. */
export interface ReceivedMail {
  readonly user: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

/** Speaks as much of SMTP (RFC 5321, AUTH PLAIN) as a client needs to send a mail. */
export async function startSmtpServer(password: string): Promise<SmtpServer> {
  const mails: ReceivedMail[] = [];
  const server = createServer((socket) => converse(socket, { password, mails }));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://somebody:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function converse(
  socket: Socket,
  server: { readonly password: string; readonly mails: ReceivedMail[] },
): void {
  const said = { user: '', from: '', to: [] as string[], data: null as string[] | null };
  const answer = (line: string): string | null => {
    if (said.data !== null) return receive(line);
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') return '250-made-up\r\n250 AUTH PLAIN';
    if (verb === 'AUTH') return authenticate(line);
    if (verb === 'MAIL') said.from = line;
    if (verb === 'RCPT') said.to.push(line);
    if (verb === 'DATA') said.data = [];
    return verb === 'DATA' ? '354 go on' : verb === 'QUIT' ? '221 bye' : '250 ok';
  };
  const authenticate = (line: string): string => {
    const [, user = '', password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
      .toString()
      .split('\0');
    said.user = user;
    return password === server.password ? '235 ok' : `535 no, ${line} was wrong`;
  };
  const receive = (line: string): string | null => {
    if (line !== '.') {
      said.data?.push(line);
      return null;
    }
    const { user, from, to } = said;
    server.mails.push({ user, from, to, text: (said.data ?? []).join('\n') });
    said.data = null;
    return '250 taken';
  };
  let rest = '';
  socket.on('error', () => {});
  socket.write('220 made-up\r\n');
  socket.on('data', (bytes) => {
    const lines = (rest + bytes.toString()).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const reply = answer(line);
      if (reply !== null) socket.write(`${reply}\r\n`);
    }
  });
}
