/** What a program of ours gets besides its own settings: nothing of the developer's shell that could change a test. */
export function programEnvironment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, NODE_ENV: 'test', LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info', ...settings };
}
