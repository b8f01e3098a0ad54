import type { FastifyReply } from 'fastify';

/** Beyond any sensible client's patience. */
const HELD_MS = 20_000;

/** Never answers: the client gives up first, else the connection breaks in the end. */
export function holdTheAnswer(reply: FastifyReply): FastifyReply {
  reply.hijack();
  const { socket } = reply.raw;
  const timer = setTimeout(() => socket?.destroy(), HELD_MS).unref();
  socket?.once('close', () => clearTimeout(timer));
  return reply;
}
