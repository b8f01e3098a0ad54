import { printSubgraph } from './subgraph';

// node dist/resolvers/print-schema.js: what `npm run generate:schema` commits.
process.stdout.write(printSubgraph());
