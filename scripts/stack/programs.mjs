// The programs in dist/: how they are started, and what a replica is told of the sandbox.

/** The sandbox in the place of every neighbour. */
export function neighbourSettings(sandboxUrl) {
  return {
    IDENTITY_ISSUER: `${sandboxUrl}/identity`,
    IDENTITY_JWKS_URL: `${sandboxUrl}/identity/.well-known/jwks.json`,
    IDENTITY_AUDIENCE: 'marketplace',
    BILLING_URL: `${sandboxUrl}/billing`,
    CATALOG_URL: `${sandboxUrl}/catalog`,
    TENANT_URL: `${sandboxUrl}/tenants`,
    FX_URL: `${sandboxUrl}/fx`,
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_API_BASE: `${sandboxUrl}/stripe`,
    PAYOUT_HOLD_DAYS: '0',
    SEARCH_URL: `${sandboxUrl}/search`,
  };
}

const answersOk = async (url) => (await fetch(url, { signal: AbortSignal.timeout(5_000) })).status === 200;

/** As `npm run serve` does: what is young is collected less often, for what requests under way hold on to would be copied each time. */
const REPLICA_ARGS = ['--max-semi-space-size=64'];

/** A replica of the service. `nodeArgs` go before the script. */
export const startReplica = (processes, name, env, readyUrl, nodeArgs = []) => start(processes, name, [...REPLICA_ARGS, ...nodeArgs, 'dist/src/main.js'], env, readyUrl);

/** Whatever else is in dist/, told by its own lines where it fails. */
export const startProgram = (processes, name, script, env, readyUrl) => start(processes, name, ['--enable-source-maps', script], env, readyUrl);

/** Resolves when `readyUrl` answers. */
async function start(processes, name, args, env, readyUrl) {
  const child = processes.start(name, process.execPath, args, { env: { NODE_ENV: 'development', ...process.env, ...env } });
  await processes.untilReady(child, () => answersOk(readyUrl));
  return child;
}
