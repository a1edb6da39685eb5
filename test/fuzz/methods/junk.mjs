// Damages JSON values: objects where text is expected, lists, depth, huge numbers, null, absent and extra members.

/** Texts that stand for JSON which JSON.stringify cannot write: put in when the message is text. */
const RAW = /"@raw:(\w+)"/g;
const WRITTEN = {
  infinite: "1e999",
  tiny: "1e-999",
  long: "123456789012345678901234567890",
  beyond: "9007199254740993",
  minus: "-0",
  nul: '"\\u0000"',
  lone: '"\\ud800"',
  shallow: nested(100),
  deep: nested(511),
  deeper: nested(700),
  deepest: nested(20_000),
  list: `${"[".repeat(600)}${"]".repeat(600)}`,
};
const RAW_NAMES = Object.keys(WRITTEN);

/** @type {unknown[]} */
const VALUES = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  2 ** 53,
  "",
  " ",
  "x",
  "x".repeat(5_000),
  "é💥\n\r\t",
  "\u001b[31mred\u001b[0m",
  "../../etc/passwd",
  "__proto__",
  "constructor",
  [],
  [[]],
  [null, {}, "x", 1],
  {},
  { a: { b: { c: null } } },
  { toString: 1, valueOf: null, length: -1 },
  Object.fromEntries(["toJSON", "then"].map((key) => [key, true])),
];
const EXTRA = ["__proto__", "constructor", "toString", "length", "then", "id", "kind", "", "x"];

function nested(depth) {
  return `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
}

/** A value that nobody expects. The deepest ones are rare: they are long. */
export function junk(random) {
  // A copy: what is put into a message may be damaged in its turn.
  return structuredClone(drawn(random));
}

function drawn({ below, pick }) {
  const kind = below(20);
  if (kind >= 17) return `@raw:${pick(RAW_NAMES)}`;
  if (kind === 1) return Array.from({ length: below(40) }, () => pick(VALUES));
  if (kind === 2)
    return Object.fromEntries(Array.from({ length: below(40) }, (_, n) => [`k${n}`, pick(VALUES)]));
  return pick(VALUES);
}

/** A copy of `value` with up to three changes at random places. */
export function damaged(value, random) {
  const root = { value: structuredClone(value) };
  for (let n = random.below(3); n >= 0; n -= 1) damageOnce(root, random);
  return root.value;
}

function damageOnce(root, { below, pick, ...random }) {
  const places = [];
  const walk = (holder, key) => {
    places.push([holder, key]);
    const value = holder[key];
    if (typeof value === "object" && value !== null)
      for (const inner of Object.keys(value)) walk(value, inner);
  };
  walk(root, "value");
  const [holder, key] = pick(places);
  const action = below(6);
  const value = holder[key];
  if (action === 0 && holder !== root && !Array.isArray(holder)) delete holder[key];
  else if (action === 1 && typeof value === "object" && value !== null && !Array.isArray(value)) {
    define(value, pick(EXTRA), junk({ below, pick, ...random }));
  } else if (action === 2) holder[key] = [value];
  else if (action === 3) holder[key] = { value };
  else holder[key] = junk({ below, pick, ...random });
}

/** An own member, whatever it is called. */
function define(object, key, value) {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The message as text. */
export function textOf(message) {
  const text = JSON.stringify(message) ?? "null";
  return text.includes("@raw:") ? text.replace(RAW, (_, name) => WRITTEN[name] ?? "null") : text;
}
