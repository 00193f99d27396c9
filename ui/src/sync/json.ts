/**
 * The server writes snake_case. camel gives the same value with camelCase
 * names. Maps whose keys are data and not names are left alone.
 */
export function camel(value: unknown, data: ReadonlySet<string> = dataMaps): unknown {
  if (Array.isArray(value)) return value.map((each) => camel(each, data));
  if (value === null || typeof value !== 'object') return value;
  const out: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const isMap = data.has(name) && !Array.isArray(inner);
    out[camelName(name)] = isMap ? inner : camel(inner, data);
  }
  return out;
}

/** Fields whose value is a map from the user's own keys. */
const dataMaps: ReadonlySet<string> = new Set(['fields', 'changed_by']);

function camelName(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
