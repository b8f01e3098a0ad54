#!/usr/bin/env node
// npm test [-- unit | integration | e2e | <path> | <any option of jest>]...   [--check | --no-check]
// Everything, set up from nothing: packages, checks, build, servers, then jest's three projects in turn. With a
// filter, only what it names and no checks: npm test -- e2e -t 'late success'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { runChecks } from './check/checks.mjs';
import { PROJECTS, readSelection, runProject } from './stack/jest.mjs';
import { ensureBuilt } from './stack/build.mjs';
import { migrate } from './stack/migrate.mjs';
import { ensurePackages, requireNode } from './stack/packages.mjs';
import { runSql } from './stack/postgres.mjs';
import { SetupError, complain, say, step } from './stack/progress.mjs';
import { DEV_DIR, inProject } from './stack/project.mjs';
import { runWith } from './stack/run.mjs';
import { startServers } from './stack/servers.mjs';

const runId = `${process.pid}_${Date.now().toString(36)}`;
const allLogs = path.join(DEV_DIR, 'test-logs');
const logDir = path.join(allLogs, runId);
/** What the tests' clients have seen of the schema; only a run of all tests can say what nobody has seen. */
const coordinatesDir = process.env.TEST_COORDINATES_DIR ?? path.join(DEV_DIR, 'test-coordinates', runId);
const KEEP_LOGS_MS = 24 * 60 * 60 * 1_000;
const selection = readSelection(process.argv.slice(2));

/** A migrated database that every test file clones. Its name is this run's own: the server may be shared. */
async function createTemplate(processes, databaseUrl) {
  const template = `marketplace_template_${runId}`;
  const url = new URL(databaseUrl);
  url.pathname = `/${template}`;
  await runSql(databaseUrl, `create database ${template}`);
  await migrate(processes, url.href);
  return template;
}

async function serversFor(processes) {
  const servers = await startServers(processes, { durable: false, ownServers: true });
  const template = await step('template database migrated', () => createTemplate(processes, servers.databaseUrl));
  return {
    template,
    databaseUrl: servers.databaseUrl,
    env: {
      TEST_ADMIN_DATABASE_URL: servers.databaseUrl,
      TEST_TEMPLATE_DATABASE: template,
      TEST_NATS_URL: servers.natsUrl,
      TEST_NATS_SERVER_BIN: servers.natsBinary,
      TEST_REDIS_SERVER_BIN: servers.redisBinary,
      TEST_REDIS_URL: servers.redisUrl,
    },
  };
}

async function runProjects(processes) {
  const needsServers = selection.projects.some((project) => project !== 'unit');
  const servers = needsServers ? await serversFor(processes) : undefined;
  const results = [];
  for (const project of PROJECTS.filter((name) => selection.projects.includes(name))) {
    const env = { ...process.env, ...servers?.env, TEST_LOG_DIR: logDir, TEST_COORDINATES_DIR: coordinatesDir };
    results.push(await runProject(processes, project, selection.jestArgs, env));
  }
  if (servers && process.env.DATABASE_URL) await runSql(servers.databaseUrl, `drop database ${servers.template} with (force)`);
  return results;
}

/** Logs of failed runs are kept for a day. */
function removeOldLogs() {
  mkdirSync(allLogs, { recursive: true });
  for (const dir of readdirSync(allLogs).map((name) => path.join(allLogs, name))) {
    if (Date.now() - statSync(dir).mtimeMs > KEEP_LOGS_MS) rmSync(dir, { recursive: true, force: true });
  }
}

function summarise(results) {
  const sum = (of) => results.reduce((total, result) => total + of(result), 0);
  const passed = sum((result) => result.passed);
  const failed = sum((result) => result.failed);
  const broken = results.filter((result) => !result.ok);
  for (const { project, why } of broken) say(`${project} failed: ${why}`);
  if (broken.length === 0) rmSync(logDir, { recursive: true, force: true });
  else say(`the logs of the processes that the tests started: ${path.relative(inProject(), logDir)}/`);
  if (passed + failed === 0) complain(new SetupError('no test was run'));
  return { passed, failed, ok: broken.length === 0 && passed > 0 };
}

/** Loaded only here: it needs packages, and those may have been missing when this script began. */
async function coordinatesCovered() {
  const { reportCoordinates } = await import('./check/coordinates.mjs');
  return reportCoordinates(coordinatesDir);
}

removeOldLogs();
await runWith(logDir, async (processes) => {
  requireNode();
  await ensurePackages();
  await ensureBuilt();
  const checked = selection.check ? await runChecks(processes) : true;
  const { passed, failed, ok } = summarise(await runProjects(processes));
  await processes.stop();
  const covered = !selection.everything || (await coordinatesCovered());
  if (!process.env.TEST_COORDINATES_DIR) rmSync(coordinatesDir, { recursive: true, force: true });
  if (!checked) say('not all checks passed: see above');
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return ok && checked && covered ? 0 : 1;
});
