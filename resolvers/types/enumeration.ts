import { registerEnumType } from 'type-graphql';

/**
 * A GraphQL enum over a union of the domain. `values` says what each value means; the compiler refuses one that is
 * missing or unknown, so the graph and the domain cannot drift apart: what the graph leaves out is excluded by name.
 */
export function enumeration<Value extends string>(name: string, description: string, values: Readonly<Record<Value, string>>): Readonly<Record<Value, Value>> {
  const entries = Object.entries<string>(values) as [Value, string][];
  const members = Object.fromEntries(entries.map(([value]) => [value, value])) as Record<Value, Value>;
  const valuesConfig = Object.fromEntries(entries.map(([value, text]) => [value, { description: text }])) as Record<Value, { description: string }>;
  registerEnumType(members, { name, description, valuesConfig });
  return members;
}
