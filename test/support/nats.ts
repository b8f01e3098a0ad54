import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT, TestProcess } from './child-process';
import { freePort } from './ports';
import { retryOnTakenPort, untilReady } from './readiness';
import { watchdog } from './watchdog';

const PERMISSIONS = join(PROJECT_ROOT, 'scripts/stack/nats.conf');

/** A nats-server of the test's own, with JetStream on disk: it can be killed and started again with what it had. */
export interface TestNats {
  /** Without a name: everything is allowed. */
  readonly url: string;
  /** As one of the services in scripts/stack/nats.conf, with what that one may do. */
  as(service: string): string;
  readonly pid: number;
  /** Where JetStream keeps its streams: `<directory>/jetstream/$G/streams/<stream>`. */
  readonly directory: string;
  /** kill -9, and wait for the end. */
  kill(): Promise<void>;
  /** Starts it again (after stopping it, where it runs) on the same port with the same streams. */
  restart(): Promise<void>;
  /** Stops it for good and removes its files. */
  stop(): Promise<void>;
}

export async function startNats(group = 'nats'): Promise<TestNats> {
  const directory = mkdtempSync(join(tmpdir(), 'marketplace-nats-'));
  watchdog.watchDirectory(directory);
  const first = await retryOnTakenPort(async () => {
    const port = await freePort();
    return { port, server: await launch(port, directory, group) };
  });
  const { port } = first;
  let { server } = first;
  return {
    url: `nats://127.0.0.1:${port}`,
    as: (service) => `nats://${service}:${service}@127.0.0.1:${port}`,
    directory,
    get pid() {
      return server.pid;
    },
    async kill() {
      await server.kill('SIGKILL');
    },
    async restart() {
      await server.stop();
      server = await launch(port, directory, group);
    },
    async stop() {
      await server.kill('SIGTERM');
      rmSync(directory, { recursive: true, force: true });
      watchdog.forgetDirectory(directory);
    },
  };
}

async function launch(port: number, directory: string, group: string): Promise<TestProcess> {
  const server = await TestProcess.start({
    name: `nats-${port}`,
    group,
    command: process.env['TEST_NATS_SERVER_BIN'] ?? 'nats-server',
    args: ['--config', PERMISSIONS, '--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', directory],
  });
  await untilReady(server, () => greetsWithJetStream(port));
  return server;
}

/** A NATS server greets every connection with an INFO line that tells whether JetStream is on. */
function greetsWithJetStream(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('data', (greeting) => {
      socket.destroy();
      resolve(greeting.toString('utf8').includes('"jetstream":true'));
    });
  });
}
