/** A JSON Schema, or a part of one. */
export type SchemaPart = Readonly<Record<string, unknown>>;

/**
 * The same schema with every description of an object that stands in it more than once said once, in
 * `$defs`, and referred to: judging is the same, and compiling takes a fraction where many lists have
 * entries of one shape. A part that looks at data outside itself (`$data`) stays where it is.
 */
export function withSharedParts(schema: SchemaPart): SchemaPart {
  const times = new Map<string, number>();
  count(schema, times);
  const names = new Map<string, string>();
  const defs: Record<string, unknown> = {};
  const refer = (part: SchemaPart): unknown => {
    const text = JSON.stringify(part);
    if ((times.get(text) ?? 0) < 2) return inner(part);
    const known = names.get(text);
    const name = known ?? `part_${names.size + 1}`;
    names.set(text, name);
    if (known === undefined) defs[name] = inner(part);
    return { $ref: `#/$defs/${name}` };
  };
  const inner = (part: unknown): unknown => mapped(part, (each) => refer(each));
  const shared = inner(schema) as SchemaPart;
  return names.size === 0 ? schema : { ...shared, $defs: { ...asPart(shared.$defs), ...defs } };
}

function count(part: unknown, times: Map<string, number>): void {
  if (typeof part !== 'object' || part === null) return;
  if (isObjectShape(part)) {
    const text = JSON.stringify(part);
    if (!text.includes('"$data"')) times.set(text, (times.get(text) ?? 0) + 1);
  }
  for (const each of Object.values(part)) count(each, times);
}

/** Copies what is in a part, with what describes an object replaced by what `put` gives. */
function mapped(part: unknown, put: (shape: SchemaPart) => unknown): unknown {
  if (typeof part !== 'object' || part === null) return part;
  const next = (each: unknown): unknown => (isObjectShape(each) ? put(each) : mapped(each, put));
  if (Array.isArray(part)) return part.map(next);
  return Object.fromEntries(Object.entries(part).map(([name, each]) => [name, next(each)]));
}

function isObjectShape(part: unknown): part is SchemaPart {
  return (
    typeof part === 'object' &&
    part !== null &&
    'type' in part &&
    part.type === 'object' &&
    'properties' in part
  );
}

function asPart(part: unknown): SchemaPart {
  return (part ?? {}) as SchemaPart;
}
