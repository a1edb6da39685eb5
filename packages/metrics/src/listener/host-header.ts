import { isIP } from "node:net";

/**
 * True if the header `Host` names an address, `localhost` or one of the allowed names. A page that lets its own name point
 * to this machine carries that name here, and is refused.
 */
export function isAllowedHost(header: string | undefined, allowed: readonly string[]): boolean {
  const [, name = ""] = /^(\[[^\]]*\]|[^:]*)(?::\d{1,5})?$/.exec(header ?? "") ?? [];
  const host = name.toLowerCase();
  if (isIP(host.replace(/^\[(.*)\]$/, "$1")) !== 0) return true;
  return host === "localhost" || allowed.some((one) => one.toLowerCase() === host);
}
