import type { AttributeSpec } from "../catalog.js";
import type { PayloadSchema, PayloadType } from "../payload.js";
import { Fault, type Path } from "./fault.js";
import { mayBe, placeOf } from "./places.js";
import { listIn, objectWith, oneOf, recordIn, sentence } from "./readers.js";

const KEYS = Object.keys({
  at: true,
  type: true,
  values: true,
  description: true,
} satisfies Record<keyof AttributeSpec, true>) as (keyof AttributeSpec)[];

/** Type of an attribute, the types of a member that it can stand for, and the type of its values in JavaScript. */
const TYPES: Readonly<Record<AttributeSpec["type"], { members: readonly PayloadType[]; values: string }>> = {
  string: { members: ["string"], values: "string" },
  number: { members: ["number", "integer"], values: "number" },
  boolean: { members: ["boolean"], values: "boolean" },
  strings: { members: ["array"], values: "string" },
  address: { members: ["string"], values: "string" },
};
const TYPE_NAMES = Object.keys(TYPES) as AttributeSpec["type"][];

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** Checks the attributes of a kind against its payload. Throws a Fault for the first thing that is wrong. */
export function checkAttributes(value: unknown, payload: PayloadSchema | undefined, path: Path): void {
  for (const [name, one] of Object.entries(recordIn(value, path))) {
    const at = [...path, name];
    if (!NAME.test(name))
      throw new Fault(at, "the name of an attribute has a to z, 0 to 9 and '_', and begins with a letter");
    const read = objectWith(one, at, KEYS, ["at", "type", "description"]);
    sentence(read.description, [...at, "description"]);
    const type = oneOf(read.type, [...at, "type"], TYPE_NAMES, "type of an attribute");
    const { schema } = placeOf(read.at, payload, [...at, "at"]);
    const { members, values } = TYPES[type];
    const isOfType =
      schema === undefined ||
      (members.some((member) => mayBe(schema, member)) &&
        (type !== "strings" || schema.items === undefined || mayBe(schema.items, "string")));
    if (!isOfType) throw new Fault([...at, "type"], `what '${String(read.at)}' names is no ${type}`);
    if (read.values !== undefined && type === "address")
      throw new Fault([...at, "values"], "addresses cannot be listed");
    if (read.values !== undefined) checkValues(read.values, values, schema, [...at, "values"]);
  }
}

function checkValues(value: unknown, type: string, schema: PayloadSchema | undefined, path: Path): void {
  const listed = listIn(value, path);
  if (listed.length === 0) throw new Fault(path, "a list of values cannot be empty");
  const possible: readonly unknown[] | undefined = schema?.enum ?? schema?.items?.enum;
  for (const [index, one] of listed.entries()) {
    if (typeof one !== type) throw new Fault([...path, index], `it must be a ${type}`);
    if (possible !== undefined && !possible.includes(one))
      throw new Fault([...path, index], `the payload never has the value ${JSON.stringify(one)}`);
  }
}
