import { connect } from 'node:net';
import { onFreePort } from './ports.mjs';
import { inProject } from './project.mjs';

const PERMISSIONS = inProject('scripts/stack/nats.conf');

/** The server's URL for one of its services; one that somebody else runs, or that names a user, is left as it is. */
export function natsUrlAs(service, { natsUrl, natsIsPrivate }) {
  if (!natsIsPrivate) return natsUrl;
  const url = new URL(natsUrl);
  url.username = url.password = service;
  return url.href;
}

/** A private nats-server with JetStream, its streams in a directory that goes with the run. */
export async function startNats(processes, binary) {
  const dir = processes.privateDir('nats');
  return onFreePort(async (port) => {
    const args = ['--config', PERMISSIONS, '--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', dir];
    const child = processes.start('nats', binary, args, { graceMs: 5_000 });
    await processes.untilReady(child, () => greets(port));
    return { url: `nats://127.0.0.1:${port}`, binary };
  });
}

/** A NATS server greets each connection with an INFO line that tells whether JetStream is on. */
function greets(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('data', (greeting) => {
      socket.destroy();
      resolve(greeting.includes('"jetstream":true'));
    });
  });
}
