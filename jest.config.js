'use strict';

/** The compiler of the specs: what .swcrc says, without its `exclude` of specs, for the running Node. */
const { exclude: _specs, $schema: _schema, ...swc } = JSON.parse(
  require('node:fs').readFileSync(`${__dirname}/.swcrc`, 'utf8'),
);

/** Packages that are published as ES modules only; jest loads CommonJS, so they are compiled too. */
const ES_MODULES = ['jose', 'uuid'];

const common = {
  rootDir: __dirname,
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  transform: { '^.+\\.(ts|js|mjs)$': ['@swc/jest', { ...swc, swcrc: false, configFile: false }] },
  transformIgnorePatterns: [`/node_modules/(?!(${ES_MODULES.join('|')})/)`, '<rootDir>/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.dev'],
  setupFiles: ['reflect-metadata'],
};

/**
 * Three projects, run in this order by `npm test`:
 * unit needs nothing, integration needs PostgreSQL and NATS, e2e needs the whole stack (and a build).
 * @type {import('jest').Config}
 */
module.exports = {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{src,sagas,resolvers,entities,sandbox,test/support,test/chaos/plan,test/year/{plan,reckoning,check}}/**/*.spec.ts'],
    },
    {
      ...common,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/timeout-30s.js'],
    },
    {
      ...common,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/{e2e,chaos,year}/*.spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/timeout-120s.js'],
    },
  ],
};
