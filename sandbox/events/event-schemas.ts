import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020';
import type { AnySchemaObject } from 'ajv/dist/2020';

/** The published JSON Schemas, which both sides check every event against. */
export class EventSchemas {
  private readonly ajv = new Ajv2020({ allErrors: true, strict: false });

  /** @throws Error when a schema is not valid JSON Schema 2020-12. */
  constructor(schemas: readonly AnySchemaObject[]) {
    addFormats(this.ajv);
    this.ajv.addSchema([...schemas]);
  }

  static fromDirectory(directory: string): EventSchemas {
    const files = readdirSync(directory).filter((name) => name.endsWith('.schema.json'));
    return new EventSchemas(
      files.map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as AnySchemaObject),
    );
  }

  /** What is wrong with an event, envelope and payload; empty when it is valid. */
  faultsOf(event: unknown): string[] {
    const envelope = this.faults('urn:ghasi:events:envelope', event);
    if (envelope.length > 0) return envelope;
    const { type, dataschema, data } = event as { type: string; dataschema?: string; data: unknown };
    const payload = this.faults(`urn:ghasi:events:${type}`, data);
    if (dataschema !== undefined && dataschema !== `urn:ghasi:events:${type}`) {
      payload.push(`dataschema ${dataschema} does not name ${type}`);
    }
    return payload;
  }

  private faults(schemaId: string, value: unknown): string[] {
    const validate = this.ajv.getSchema(schemaId);
    if (validate === undefined) return [`there is no schema ${schemaId}`];
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map((error) => `${schemaId}${error.instancePath}: ${error.message ?? error.keyword}`);
  }
}
