import { isBelow } from "./path.js";

/** Lost with everything below. */
export const WHOLE_SYSTEM: readonly string[] = [
  "bin",
  "boot",
  "dev",
  "etc",
  "lib",
  "lib32",
  "lib64",
  "proc",
  "sbin",
  "sys",
  "usr",
  "System",
  "Windows",
];
/** Lost when deleted as a whole; what is below belongs to somebody, but not to the system. */
export const SHARED: readonly string[] = [
  "home",
  "Users",
  "var",
  "opt",
  "srv",
  "mnt",
  "media",
  "run",
  "root",
  "Library",
  "Applications",
  "Volumes",
];
export const TEMP: readonly string[] = ["/tmp", "/var/tmp", "/private/tmp", "/dev/shm", "/var/folders"];
const CACHES: readonly string[] = [
  ".cache",
  ".bun/install/cache",
  ".npm",
  "Library/Caches",
  ".gradle/caches",
  ".cargo/registry",
  ".cargo/git",
  ".yarn/cache",
  ".yarn/berry/cache",
  ".local/share/pnpm/store",
  ".ivy2/cache",
  ".nuget/packages",
  ".composer/cache",
  ".gradle/daemon",
  ".pnpm-store",
  ".m2/repository",
  "go/pkg/mod",
];

/** Caches of the whole machine: what installs packages fills them again. */
const SHARED_CACHES: readonly string[] = ["/var/cache", "/var/lib/apt/lists"];

/** The place that a path is in, wherever a project may be. */
export type PathPlace = "root" | "system" | "home" | "temp-root" | "temp" | "cache" | "outside";

/** True for a home folder: the given one, that of root, and any below `/home` and `/Users`. */
export const isHomeFolder = (path: string, home: string | null): boolean =>
  path === home || path === "/root" || /^\/(?:home|Users)\/[^/]+$/.test(path);

/** The place of an absolute path without `.` and `..`. A home in `/tmp`, as containers and tests have it, is still a home. */
export function placeOfPath(path: string, home: string | null): PathPlace {
  if (path === "/") return "root";
  if (TEMP.includes(path)) return "temp-root";
  if (isHomeFolder(path, home)) return "home";
  if (SHARED_CACHES.some((cache) => path === cache || isBelow(path, cache))) return "cache";
  const isInHome = home !== null && isBelow(path, home);
  if (!isInHome && TEMP.some((folder) => isBelow(path, folder))) return "temp";
  const [, top = "", second = "", third] = path.split("/");
  const homeFolder = home ?? (/^(?:home|Users)$/.test(top) ? `/${top}/${second}` : "/root");
  if (CACHES.some((cache) => path === `${homeFolder}/${cache}` || isBelow(path, `${homeFolder}/${cache}`)))
    return "cache";
  if (WHOLE_SYSTEM.includes(top)) return "system";
  return SHARED.includes(top) && (second === "" || (top === "var" && third === undefined))
    ? "system"
    : "outside";
}
