// What of the public schema no test has seen at work: fields, enum values and error codes must all have been returned.
// Arguments and input fields are told, but may be missing.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildASTSchema, getNamedType, isEnumType, isInputObjectType, isObjectType, parse } from 'graphql';
import { inProject } from '../stack/project.mjs';
import { say } from '../stack/progress.mjs';

/** `extensions.code` of errors that are no refusals; the refusals' are the enum UserErrorCode. */
const ERROR_CODES = [
  'UNAUTHENTICATED', 'BAD_USER_INPUT', 'NOT_FOUND', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'TEMPORARILY_UNAVAILABLE',
  'BAD_REQUEST', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'INTERNAL_SERVER_ERROR',
  'OPERATION_TOO_COSTLY', 'CARD_NUMBER_REFUSED', 'RATE_LIMITED', 'TOO_MANY_SUBSCRIPTIONS', 'OPERATION_RESOLUTION_FAILURE',
];

/** Writes reports/coordinates.txt and says what is uncovered; resolves to whether nothing is. */
export function reportCoordinates(directory) {
  const schema = buildASTSchema(parse(readFileSync(inProject('schema/marketplace.graphql'), 'utf8')), { assumeValidSDL: true });
  const wanted = wantedIn(schema);
  const seen = seenIn(directory);
  const missing = (list) => list.filter((coordinate) => !seen.has(coordinate));
  const uncovered = [...missing(wanted.fields), ...missing(wanted.values), ...missing(wanted.codes)];
  const lines = [
    ...['fields', 'values', 'codes', 'inputs'].map((kind) => `${LABELS[kind]}: ${wanted[kind].length - missing(wanted[kind]).length}/${wanted[kind].length}`),
    '', 'Uncovered:', ...listed(uncovered),
    '', 'Arguments and input fields never used with a value (told only):', ...listed(missing(wanted.inputs)),
  ];
  const report = inProject('reports/coordinates.txt');
  mkdirSync(path.dirname(report), { recursive: true });
  writeFileSync(report, `${lines.join('\n')}\n`);
  say(`── schema coordinates seen in answers: ${lines.slice(0, 4).join(', ')} (reports/coordinates.txt)`);
  for (const coordinate of uncovered) say(`no test has seen ${coordinate}`);
  return uncovered.length === 0;
}

const LABELS = { fields: 'fields', values: 'enum values', codes: 'error codes', inputs: 'arguments and input fields' };
const listed = (coordinates) => (coordinates.length === 0 ? ['  none'] : coordinates.map((coordinate) => `  ${coordinate}`));

function wantedIn(schema) {
  const returned = new Set(Object.values(schema.getTypeMap()).filter(isObjectType).flatMap((type) => Object.values(type.getFields()).map((field) => getNamedType(field.type).name)));
  const wanted = { fields: [], values: [], codes: ERROR_CODES.map((code) => `error:${code}`), inputs: [] };
  for (const type of Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('_'))) {
    // an enum that no field has is only ever asked with, like an argument
    if (isEnumType(type)) wanted[returned.has(type.name) ? 'values' : 'inputs'].push(...type.getValues().map(({ name }) => `${type.name}.${name}`));
    if (isInputObjectType(type)) wanted.inputs.push(...Object.keys(type.getFields()).map((name) => `${type.name}.${name}`));
    if (!isObjectType(type)) continue;
    for (const { name, args } of Object.values(type.getFields()).filter((field) => !field.name.startsWith('_'))) {
      wanted.fields.push(`${type.name}.${name}`);
      wanted.inputs.push(...args.map((argument) => `${type.name}.${name}(${argument.name}:)`));
    }
  }
  return wanted;
}

function seenIn(directory) {
  const files = existsSync(directory) ? readdirSync(directory) : [];
  const lines = files.flatMap((file) => readFileSync(path.join(directory, file), 'utf8').split('\n').filter(Boolean));
  return new Set(lines.map((line) => JSON.parse(line).coordinate));
}
