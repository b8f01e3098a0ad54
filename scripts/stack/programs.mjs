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

/** Resolves when `readyUrl` answers. `nodeArgs` go before the script. */
export async function startProgram(processes, name, script, env, readyUrl, nodeArgs = []) {
  const args = ['--enable-source-maps', ...nodeArgs, script];
  const child = processes.start(name, process.execPath, args, { env: { NODE_ENV: 'development', ...process.env, ...env } });
  await processes.untilReady(child, () => answersOk(readyUrl));
  return child;
}
