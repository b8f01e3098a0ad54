import { createServer } from 'node:net';

/** Listens for a moment; resolves to the port, or to undefined when it is taken. */
function tryListen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const taken = server.address().port;
      server.close(() => resolve(taken));
    });
  });
}

export const freePort = () => tryListen(0);
export const isFree = async (port) => (await tryListen(port)) !== undefined;

/** Calls `start` with a free port, again with another one when somebody took it in between. */
export async function onFreePort(start, tries = 5) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt >= tries || !/address (already )?in use|EADDRINUSE/i.test(error.message)) throw error;
    }
  }
}
