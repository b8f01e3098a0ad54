import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'nats';
import { waitFor } from '../../support/wait';
import { connected, hold, type Fault, type Scene } from './scene';

const STREAM = 'MARKETPLACE';

/** kill -9; it comes back with what it had on disk. */
export const killNats: Fault = async ({ world }, { holdMs }) => {
  const { pid } = world.nats;
  await world.nats.kill();
  await hold(holdMs);
  await world.nats.restart();
  return Number(world.nats.pid !== pid);
};

export const stallNats: Fault = async (scene, planned) => {
  const nats = await connected(scene, planned, 'nats');
  const stalled = nats.stall();
  await hold(planned.holdMs * 3); // long enough for a ping to be missed now and then
  nats.resume();
  return stalled;
};

export const halfCloseNats: Fault = async (scene, planned) => (await connected(scene, planned, 'nats')).halfClose();

/** The disk of our stream is lost: what it had taken is gone, and so is what its readers had acknowledged. */
export const wipeStream: Fault = async (scene) => {
  const { nats } = scene.world;
  const before = await lastSequence(scene);
  await nats.kill();
  const existed = existsSync(storeOf(scene));
  rmSync(storeOf(scene), { recursive: true, force: true });
  await nats.restart();
  return Number(existed && before > 0);
};

/** The disk of our stream comes back from a backup: some of what it had taken since then is gone. */
export const rollStreamBack: Fault = async (scene) => {
  const { nats } = scene.world;
  const backup = `${nats.directory}-backup`;
  await waitFor(async () => (await lastSequence(scene)) > 0, { withinMs: 120_000, what: 'the stream' }); // it may have been wiped just now
  await nats.kill();
  cpSync(storeOf(scene), backup, { recursive: true });
  await nats.restart();
  const kept = await lastSequence(scene);
  const taken = await waitFor(async () => (await lastSequence(scene)) > kept, { withinMs: 10_000, what: 'the stream goes on' }).catch(() => false);
  await nats.kill();
  rmSync(storeOf(scene), { recursive: true, force: true });
  cpSync(backup, storeOf(scene), { recursive: true });
  rmSync(backup, { recursive: true, force: true });
  await nats.restart();
  return Number(taken);
};

function storeOf({ world }: Scene): string {
  return join(world.nats.directory, 'jetstream/$G/streams', STREAM);
}

/** 0 while there is no stream. */
async function lastSequence({ world }: Scene): Promise<number> {
  const connection = await connect({ servers: world.nats.url, maxReconnectAttempts: 0 });
  try {
    const manager = await connection.jetstreamManager();
    return await manager.streams.info(STREAM).then((info) => info.state.last_seq, () => 0);
  } finally {
    await connection.close();
  }
}
