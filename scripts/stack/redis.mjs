import { connect } from 'node:net';
import { onFreePort } from './ports.mjs';

/** A private redis-server that keeps nothing on disk; many numbered databases, so that tests can have one each. */
export async function startRedis(processes, binary) {
  const dir = processes.privateDir('redis');
  return onFreePort(async (port) => {
    const settings = { bind: '127.0.0.1', port, dir, save: '', appendonly: 'no', databases: 4096 };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = processes.start('redis', binary, args, { graceMs: 5_000 });
    await processes.untilReady(child, () => pongs(port));
    return { url: `redis://127.0.0.1:${port}`, binary };
  });
}

function pongs(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer.toString().startsWith('+PONG'));
    });
  });
}
