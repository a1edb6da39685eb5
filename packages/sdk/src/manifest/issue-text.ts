import type * as z from "zod";
import { didYouMean } from "../protocol/did-you-mean.js";

/** Where nothing of several shapes fits: what is wrong with the one that has all its keys, else the issue itself. */
export function closestIssue(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const meant = issue.errors.find(([first, ...more]) => first && more.length === 0 && isOfGivenKey(first));
  const [inner] = meant ?? [];
  return inner ? { ...inner, path: [...issue.path, ...inner.path] } : issue;
}

function isOfGivenKey({ path, input }: z.core.$ZodIssue): boolean {
  return path.length > 0 && input !== undefined;
}

/** The remedy for an issue. */
export function hintFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = ["input_contains", "input_equals"];
      const meant = didYouMean(issue.keys[0] ?? "", known);
      return meant === undefined ? `Known keys: ${known.join(", ")}.` : `Did you mean '${meant}'?`;
    }
    case "invalid_type":
      return `Write a value of type ${issue.expected} here.`;
    case "invalid_value":
      return `Write one of: ${issue.values.map(String).join(", ")}.`;
    default:
      return "Correct the value at this place.";
  }
}
