'use strict';

/**
 * Who may import whom: domain ← application ← (resolvers, sagas, infrastructure) ← composition.
 * Every rule says what to do instead. Each has its violation in scripts/check/dependency-probe.mjs, which proves
 * that the rule still fires; a rule without one fails there.
 */
const SPEC = String.raw`\.spec\.ts$`;
const WIRING = String.raw`^src/[^/]+\.ts$`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment:
        'The domain computes from its arguments: no I/O, no framework, no package. What it needs from outside is an ' +
        'argument (time, ids) or belongs to a use case in src/application.',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: SPEC },
      to: { pathNot: ['^src/domain/'] },
    },
    {
      name: 'application-knows-ports-only',
      comment:
        'A use case talks to the world through a port in src/application/ports. Declare the port there and implement ' +
        'it in src/infrastructure; src/composition.ts brings them together.',
      severity: 'error',
      from: { path: '^src/application/', pathNot: SPEC },
      to: { path: ['^src/infrastructure/', '^resolvers/', '^sagas/', '^entities/', '^migrations/', WIRING] },
    },
    {
      name: 'application-without-technology',
      comment:
        'Databases, brokers, HTTP and GraphQL are for src/infrastructure and resolvers/. Hide the package behind a port.',
      severity: 'error',
      from: { path: '^src/application/', pathNot: SPEC },
      to: { path: String.raw`(^|/)node_modules/(@types/)?(pg|typeorm|nats|ioredis|fastify|graphql|graphql-ws|type-graphql|@apollo|dataloader|jose|ws|stripe|pino)(/|$)` },
    },
    {
      name: 'sagas-declare-only',
      comment:
        'A saga is a declaration: it sees the definition language, event types, commands and the domain. Anything that ' +
        'acts belongs to the command handlers behind it.',
      severity: 'error',
      from: { path: '^sagas/', pathNot: SPEC },
      to: { pathNot: ['^sagas/', '^src/application/', '^src/domain/'] },
    },
    {
      name: 'resolvers-use-use-cases',
      comment:
        'A resolver maps arguments to a use case and its result to a view. Rows and drivers stay behind the ' +
        'application: add a use case or a reading port.',
      severity: 'error',
      from: { path: '^resolvers/', pathNot: SPEC },
      to: { path: ['^entities/', '^src/infrastructure/', '^sagas/', '^migrations/', WIRING] },
    },
    {
      name: 'entities-only-in-postgres',
      comment:
        'Rows are the business of src/infrastructure/postgres. Everybody else works with domain types; map them there.',
      severity: 'error',
      from: { pathNot: ['^entities/', '^src/infrastructure/postgres/', '^test/'] },
      to: { path: '^entities/' },
    },
    {
      name: 'entities-are-rows',
      comment: 'An entity is columns, indexes and constraints: no behaviour to import. Put behaviour into src/domain.',
      severity: 'error',
      from: { path: '^entities/' },
      to: { pathNot: ['^entities/', '(^|/)node_modules/typeorm/', '^src/domain/'] },
    },
    {
      name: 'infrastructure-implements-ports',
      comment:
        'Infrastructure implements ports; it neither knows who asks (resolvers) nor what is declared (sagas). Pass ' +
        'what it needs in from src/composition.ts.',
      severity: 'error',
      from: { path: '^src/infrastructure/', pathNot: SPEC },
      to: { path: ['^resolvers/', '^sagas/', WIRING] },
    },
    {
      name: 'one-wiring',
      comment: 'Only the files directly in src/ wire things together. Ask for a port in the constructor instead.',
      severity: 'error',
      from: { pathNot: ['^src/infrastructure/', WIRING, '^test/', SPEC] },
      to: { path: '^src/infrastructure/' },
    },
    {
      name: 'migrations-stand-alone',
      comment: 'A migration is SQL as of its day: code that changes later would change it too. Copy what it needs.',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { pathNot: ['^migrations/', '(^|/)node_modules/typeorm/'] },
    },
    {
      name: 'sandbox-stands-apart',
      comment:
        'The sandbox plays other teams\' services: shared code would hide a broken contract. Use the event schemas ' +
        'in schema/events, as those teams do.',
      severity: 'error',
      from: { path: '^sandbox/', pathNot: SPEC },
      to: { path: ['^src/', '^resolvers/', '^sagas/', '^entities/', '^migrations/'] },
    },
    {
      name: 'service-without-sandbox',
      comment: 'Nothing in the service knows whether it talks to the sandbox. Configure a URL.',
      severity: 'error',
      from: { path: '^(src|resolvers|sagas|entities|migrations)/', pathNot: SPEC },
      to: { path: '^sandbox/' },
    },
    {
      name: 'no-test-code-in-programs',
      comment: 'What runs in production does not need tests. Move what both need out of test/.',
      severity: 'error',
      from: { path: '^(src|resolvers|sagas|entities|migrations|sandbox)/', pathNot: SPEC },
      to: { path: ['^test/', SPEC] },
    },
    {
      name: 'reckoning-stands-alone',
      comment: 'What the year is compared with must not be wrong together with the service. Say the rule again, in other words.',
      severity: 'error',
      from: { path: '^test/year/(plan|reckoning)/' },
      to: { path: '^(src|resolvers|sagas|entities|migrations|sandbox)/' },
    },
    {
      name: 'no-development-packages',
      comment: 'npm install --omit=dev leaves it out of production: list the package under "dependencies".',
      severity: 'error',
      from: { path: '^(src|resolvers|sagas|entities|migrations)/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unlisted-packages',
      comment: 'It is there only because another package brings it. List it in package.json.',
      severity: 'error',
      from: {},
      // types without a program, which the resolver therefore does not find
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'], pathNot: '^@graphql-typed-document-node/core$' },
    },
    {
      name: 'no-cycles',
      comment:
        'Two modules that need each other are one, or miss a third. Types may; so may rows and GraphQL types, whose ' +
        'relations go both ways and are resolved lazily.',
      severity: 'error',
      from: { pathNot: '^(entities|resolvers)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.dist-[^/]*|\\.dev|coverage|reports)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
    skipAnalysisNotInRules: true,
  },
};
