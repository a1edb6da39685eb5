import { Fault, type Path } from "./fault.js";

/** Deepest nesting of a declaration: far beyond what people write, and shallow enough to be walked. */
const MAX_DEPTH = 64;
/** Most values in a declaration. The largest catalog of ours has a twentieth of it. */
const MAX_VALUES = 100_000;

/**
 * A deep frozen copy of a value of plain data. Reads each member once and runs no code of the value: a getter is refused.
 * Throws a Fault for what is no plain data, nests too deep or is too large.
 */
export function frozenCopy(value: unknown): unknown {
  let values = 0;
  const copy = (one: unknown, path: Path): unknown => {
    if (path.length > MAX_DEPTH)
      throw new Fault(path.slice(0, 8), `it nests deeper than ${MAX_DEPTH} levels`);
    if ((values += 1) > MAX_VALUES) throw new Fault([], `it has more than ${MAX_VALUES} values`);
    if (typeof one === "object" && one !== null) {
      return Object.freeze(Array.isArray(one) ? listOf(one, path, copy) : objectOf(one, path, copy));
    }
    if (typeof one === "number" && !Number.isFinite(one))
      throw new Fault(path, `${one} is no number of JSON`);
    if (typeof one === "function" || typeof one === "symbol" || typeof one === "bigint")
      throw new Fault(path, `a ${typeof one} is no plain data`);
    return one;
  };
  try {
    return copy(value, []);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault([], `it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type Copy = (value: unknown, path: Path) => unknown;

function listOf(list: readonly unknown[], path: Path, copy: Copy): unknown[] {
  if (list.length > MAX_VALUES) throw new Fault(path, `it has more than ${MAX_VALUES} values`);
  return Array.from({ length: list.length }, (_, index) =>
    copy(memberOf(list, index, path), [...path, index]),
  );
}

function objectOf(from: object, path: Path, copy: Copy): Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(from);
  if (prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null)
    throw new Fault(path, "it is no plain object");
  const made: Record<string, unknown> = {};
  for (const key of Object.keys(from)) {
    if (key === "__proto__") throw new Fault([...path, key], "a member cannot have this name");
    made[key] = copy(memberOf(from, key, path), [...path, key]);
  }
  return made;
}

function memberOf(from: object, key: string | number, path: Path): unknown {
  const found = Object.getOwnPropertyDescriptor(from, key);
  if (found === undefined) return undefined;
  if (!("value" in found)) throw new Fault([...path, key], "it is a getter, not a value");
  return found.value as unknown;
}
