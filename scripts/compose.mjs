#!/usr/bin/env node
// npm run generate:compose: schema/supergraph.graphql from supergraph.yaml, offline. `--check` only compares.
// Two composers have to agree that it composes: each catches what the other lets pass.
import { readFileSync } from 'node:fs';
import { composeServices as composeByApollo } from '@apollo/composition';
import { composeServices as composeByGuild } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { writeOrCheck } from './committed-file.mjs';
import { SetupError, complain } from './stack/progress.mjs';
import { inProject } from './stack/project.mjs';

function readSubgraphs() {
  const { subgraphs } = parseYaml(readFileSync(inProject('supergraph.yaml'), 'utf8'));
  return Object.entries(subgraphs).map(([name, { routing_url: url, schema }]) => ({
    name,
    url,
    typeDefs: parse(readFileSync(inProject(schema.file), 'utf8')),
  }));
}

function compose(composer, by, subgraphs) {
  const { supergraphSdl, errors } = composer(subgraphs);
  if (supergraphSdl) return supergraphSdl;
  const lines = errors.map((error) => `  ${error.extensions?.code ?? ''} ${error.message}`);
  throw new SetupError(`the supergraph does not compose, says ${by}:\n${lines.join('\n')}`);
}

try {
  const subgraphs = readSubgraphs();
  compose(composeByGuild, '@theguild/federation-composition', subgraphs);
  const supergraph = compose(composeByApollo, '@apollo/composition', subgraphs);
  writeOrCheck(inProject('schema/supergraph.graphql'), `${supergraph.trimEnd()}\n`, 'npm run generate:compose');
} catch (error) {
  complain(error);
  process.exitCode = 1;
}
