import { isJsonObject, type JsonValue, type PayloadSchema } from "@synaps/sdk/protocol";

/** Takes out of a value what stays in the host. The value itself does not change. */
export type Conceal = (value: JsonValue) => JsonValue;

/** Returns how to take out the members that are metadata only; undefined for a schema that keeps nothing back. */
export function concealIn({ properties = {}, items }: PayloadSchema): Conceal | undefined {
  const gone = Object.keys(properties).filter((name) => properties[name]?.metadataOnly === true);
  const inner = Object.entries(properties).flatMap(([name, schema]) => {
    const conceal = gone.includes(name) ? undefined : concealIn(schema);
    return conceal ? [[name, conceal] as const] : [];
  });
  const item = items && concealIn(items);
  if (gone.length === 0 && inner.length === 0 && item === undefined) return undefined;
  return (value) => {
    if (Array.isArray(value)) return item ? value.map(item) : value;
    if (!isJsonObject(value)) return value;
    const members = new Map(Object.entries(value) as [string, JsonValue][]);
    for (const name of gone) members.delete(name);
    for (const [name, conceal] of inner) {
      const member = members.get(name);
      if (member !== undefined) members.set(name, conceal(member));
    }
    return Object.fromEntries(members);
  };
}
