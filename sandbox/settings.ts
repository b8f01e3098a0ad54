/** What one sandbox process needs to know; read from the environment only. */
export interface SandboxSettings {
  readonly host: string;
  readonly port: number;
  readonly natsUrl: string;
}

/** @throws Error naming the variable, when a port is not a number between 1 and 65535. */
export function sandboxSettings(env: NodeJS.ProcessEnv): SandboxSettings {
  return {
    host: env['HOST'] ?? '127.0.0.1',
    port: portFrom(env, 'SANDBOX_PORT', 4010),
    natsUrl: env['NATS_URL'] ?? 'nats://127.0.0.1:4222',
  };
}

export function portFrom(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`${name} must be a port between 1 and 65535, not "${text}"`);
  }
  return port;
}
