import type { Where } from "@synaps/host";
import type { ConsentRecord } from "@synaps/host/tooling";
import type { ExtensionSection } from "@synaps/sdk/manifest";

/** The parts of an event that a hook gets, in words. */
export function seesText(fields: readonly string[]): string {
  return `sees only ${fields.join(", ")}`;
}

/** The conditions of a hook on attributes, in words. */
export function whereText(where: Where): string {
  return Object.entries(where)
    .map(([name, wanted]) => `${name} is ${[wanted].flat().map(String).join(" or ") || "nothing"}`)
    .join(" and ");
}

/** One line for each kind that an extension is asked at: the parts that it sees, and the events that it is asked about. */
export function askedLines(
  { hooks, sees = {} }: ConsentRecord,
  section: ExtensionSection | undefined,
): string[] {
  return hooks.map((kind) => {
    const fields = sees[kind];
    const conditions = (section?.hooks ?? []).filter(({ hook }) => hook === kind).map(({ where }) => where);
    const only = conditions.flatMap((where) => (where ? [whereText(where)] : []));
    const isNarrow = only.length > 0 && only.length === conditions.length;
    return [
      kind,
      ...(fields ? [seesText(fields)] : []),
      ...(isNarrow ? [`only where ${[...new Set(only)].join(", or ")}`] : []),
    ].join(", ");
  });
}

/** Kinds of which an extension sees more or less than before. */
export function sightChanges(before: ConsentRecord, now: ConsentRecord): string[] {
  return now.hooks.flatMap((kind) => {
    if (!before.hooks.includes(kind)) return [];
    const [was, is] = [before.sees?.[kind], now.sees?.[kind]];
    if (was === undefined || is === undefined) {
      if (was === is) return [];
      return [
        is ? `no longer all of ${kind}: ${seesText(is)}` : `sees all of ${kind}, not only ${was?.join(", ")}`,
      ];
    }
    const more = is.filter((one) => !was.includes(one));
    const less = was.filter((one) => !is.includes(one));
    return [
      ...(more.length === 0 ? [] : [`sees more of ${kind}: ${more.join(", ")}`]),
      ...(less.length === 0 ? [] : [`no longer sees of ${kind}: ${less.join(", ")}`]),
    ];
  });
}
