import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataSchemaOf } from '../../application/events/event-envelope';

export interface EventSchema {
  readonly $id: string;
  readonly [keyword: string]: unknown;
}

/** What schema/events/ holds: the payload of each type, the envelope, and the shapes that they share. */
export interface EventSchemas {
  readonly common: EventSchema;
  readonly envelope: EventSchema;
  readonly data: ReadonlyMap<string, EventSchema>;
}

const SUFFIX = '.schema.json';

/** The directory of package.json, looked for upwards: the same from src/ (tests) and from dist/. */
function projectRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error(`no package.json above ${__dirname}`);
  return projectRoot(parent);
}

function readSchema(directory: string, name: string): EventSchema {
  const schema = JSON.parse(readFileSync(join(directory, name + SUFFIX), 'utf8')) as EventSchema;
  if (schema.$id !== dataSchemaOf(name)) throw new Error(`${name}${SUFFIX}: $id is ${schema.$id}, not ${dataSchemaOf(name)}`);
  return schema;
}

/** Reads every schema once. Throws, at start-up, when one is unreadable or misnamed. */
export function readEventSchemas(directory = join(projectRoot(__dirname), 'schema', 'events')): EventSchemas {
  const names = readdirSync(directory)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length));
  const types = names.filter((name) => name !== 'common' && name !== 'envelope');
  return {
    common: readSchema(directory, 'common'),
    envelope: readSchema(directory, 'envelope'),
    data: new Map(types.map((type) => [type, readSchema(directory, type)])),
  };
}
