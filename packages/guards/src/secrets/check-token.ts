import { entropyOf } from "./entropy.js";
import { isPlaceholder } from "./placeholder.js";
import type { Candidate } from "./rules/rule.js";
import { isWordy } from "./wordy.js";

/** The first part of a bot token is the bot's numeric id in base64. */
export function isDiscordToken({ value }: Candidate): boolean {
  const id = Buffer.from(value.slice(0, value.indexOf(".")), "base64url").toString("latin1");
  return /^\d{15,22}$/.test(id);
}

export function isAzureClientSecret({ value }: Candidate): boolean {
  return /[A-Z]/.test(value) && /[a-z]/.test(value) && entropyOf(value) > 3.5;
}

/** Not a stand-in, and not the user's own name again, as in the defaults of local databases. */
export function isUrlPassword({ value, match }: Candidate): boolean {
  // A reference, a pattern, the end of a bracket, or the method and host of a CVS root.
  if (
    isPlaceholder(value) ||
    /[\\|]|\[\^|^\^|^\$\w+$|\$[{(]|\)$|^\/?%[sdv]$|^\+|^[a-z]{3,8}:[\w.-]+$/.test(value)
  )
    return false;
  const user = /:\/\/([^:]*):/.exec(match[0])?.[1] ?? "";
  // Three characters guard nothing; they are what examples use, or a port.
  return value !== user && value.length > 3 && !/^[\d.]{1,5}$/.test(value);
}

/** Base64 of `user:password` in printable characters. */
export function isBasicCredential({ value }: Candidate): boolean {
  const decoded = Buffer.from(value, "base64").toString("utf8");
  return /^[\x20-\x7e]*$/.test(decoded) && /^[^:]*:.{3,}/.test(decoded) && !isPlaceholder(decoded);
}

export function isHeaderSecret({ value }: Candidate): boolean {
  return !isPlaceholder(value) && !isWordy(value) && /\d|[A-Z].*[a-z].*[A-Z]/.test(value);
}

/** At least one cookie whose value was drawn at random. */
export function isCookieSecret({ value }: Candidate): boolean {
  return value.split(";").some((pair) => {
    const cookie = pair.slice(pair.indexOf("=") + 1).trim();
    if (cookie.length < 12 || isPlaceholder(cookie)) return false;
    return !isWordy(decodeURIComponentSafely(cookie)) && entropyOf(cookie) >= 3;
  });
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
