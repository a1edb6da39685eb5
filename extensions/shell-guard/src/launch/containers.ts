import { isBelow, resolvePath } from "@synaps/guards/paths";
import type { Field, Invocation } from "../model.js";
import type { Walk } from "../walk.js";
import { readCarrier, type Carrier } from "./carrier.js";
import type { Launch } from "./launch.js";

/** A folder of this machine that a container sees under another path. Both are absolute, the first may be below `~`. */
export interface Mount {
  readonly here: string;
  readonly inside: string;
}

/** Folders inside: those of this machine, and in a fresh container all that outlive it. */
interface Mounted {
  readonly mounts: readonly Mount[];
  /** Undefined where nobody can tell, as of a container that runs already. */
  readonly kept: readonly string[] | undefined;
}

const RUN: Carrier = {
  verbs: ["run", "create"],
  short: "aceGhHlmpuvwn",
  alone: [
    "--detach", "--interactive", "--tty", "--rm", "--init", "--privileged", "--read-only", "--publish-all", "--no-healthcheck",
    "--oom-kill-disable", "--sig-proxy", "--quiet", "--quiet-pull", "--help", "--no-hosts", "--replace", "--rmi", "--no-deps",
    "--build", "--service-ports", "--use-aliases", "--remove-orphans", "--disable-content-trust", "--no-TTY", "--no-tty",
  ],
  own: 1,
}; // prettier-ignore
const EXEC: Carrier = {
  verbs: ["exec"],
  short: "euw",
  alone: ["--detach", "--interactive", "--tty", "--privileged", "--no-TTY", "--no-tty", "--help"],
  own: 1,
};
/** Options of the client itself, before its verb. */
const CLIENT: Carrier = {
  short: "fpHclnr",
  long: ["--file", "--project-name", "--profile", "--env-file", "--context", "--host", "--project-directory", "--ansi", "--parallel", "--log-level", "--config", "--namespace", "--connection", "--url", "--root"],
}; // prettier-ignore

const CLIENTS = new Set("docker podman nerdctl finch docker-compose podman-compose podman-remote".split(" "));

/** The command that `docker run`, `docker exec`, `docker compose run` and their like start inside. */
export function inContainer(name: string, args: readonly Field[], walk: Walk): Launch[] | undefined {
  if (name === "apptainer" || name === "singularity") return inImage(args, walk);
  if (!CLIENTS.has(name)) return undefined;
  let words = readCarrier(args, CLIENT)?.words ?? [];
  const isComposed = name.endsWith("-compose") || words[0]?.text === "compose";
  while (/^(?:compose|container)$/.test(words[0]?.text ?? ""))
    words = readCarrier(words.slice(1), CLIENT)?.words ?? [];
  const fresh = readCarrier(words, RUN);
  const carried = fresh ?? readCarrier(words, EXEC);
  if (!carried) return undefined;
  const entry = carried.values.filter(([flag]) => flag === "--entrypoint").map(([, value]) => value);
  const inner = [...entry, ...carried.words];
  const mounts = carried.values.flatMap(([flag, value]) => mountOf(flag, value.text, walk));
  // A file of compose may name volumes that the command does not.
  const isPlain = fresh !== undefined && !isComposed && !fresh.flags.has("--volumes-from");
  const kept = isPlain ? carried.values.flatMap(([flag, value]) => volumeOf(flag, value.text)) : undefined;
  const folder = carried.values.find(([flag]) => /^(?:-w|--workdir)$/.test(flag))?.[1].text ?? "/";
  return inner.length > 0 ? [launch(inner, { mounts, kept }, folder, walk)] : [];
}

/** An image of Apptainer: the home folder and the current one are mounted under their own paths. */
function inImage(args: readonly Field[], walk: Walk): Launch[] | undefined {
  const carried = readCarrier(args, {
    verbs: ["exec"],
    short: "BSHWco",
    long: ["--bind", "--home", "--pwd", "--env", "--overlay"],
    own: 1,
  });
  if (!carried || carried.words.length === 0) return undefined;
  const here = ["~", walk.scope.cwd].map((path) => ({ here: path, inside: path }));
  const bound = carried.values.flatMap(([flag, value]) =>
    mountOf(flag === "-B" ? "-v" : flag, value.text, walk),
  );
  return [launch(carried.words, { mounts: [...here, ...bound], kept: [] }, walk.scope.cwd, walk)];
}

const launch = (words: readonly Field[], mounted: Mounted, folder: string, walk: Walk): Launch => ({
  words,
  changes: {
    machine: "container",
    ...mounted,
    scope: { ...walk.scope, cwd: folder, otherCwd: undefined, variables: new Map(walk.scope.variables) },
  },
});

interface MountFlag {
  readonly source: string | undefined;
  readonly target: string | undefined;
  /** What the flag says it is: a folder, a volume, scratch space. */
  readonly type: string | undefined;
}

/** Reads a mount. Undefined for another flag, and for a mount that nothing can be changed through. */
function readMount(flag: string, text: string): MountFlag | undefined {
  if (isReadOnlyMount(text)) return undefined;
  if (flag === "-v" || flag === "--volume" || flag === "--bind") {
    const [source, target] = text.split(":");
    return { source, target, type: undefined };
  }
  if (flag !== "--mount") return undefined;
  const parts = new Map(text.split(",").map((part) => part.split("=", 2) as [string, string]));
  return {
    source: parts.get("source") ?? parts.get("src"),
    target: parts.get("target") ?? parts.get("destination") ?? parts.get("dst"),
    type: parts.get("type"),
  };
}

/** `-v /:/host:ro`, `--mount type=bind,source=/,target=/host,readonly`. */
export const isReadOnlyMount = (text: string): boolean =>
  /:(?:\w+,)*ro(?:,|$)|,(?:readonly|ro)(?:=true|=1)?(?:,|$)/.test(text);

/** Volumes that hold what a build or an install makes again. */
const REMADE =
  /cache|node_modules|tmp|temp|scratch|target|build|dist|deps|vendor|store|registry|\.m2|gradle/i;

function volumeOf(flag: string, text: string): string[] {
  const mount = readMount(flag, text);
  if (mount?.source === undefined || mount.target === undefined) return [];
  const isVolume = mount.type === undefined ? /^\w/.test(mount.source) : mount.type === "volume";
  return isVolume && !REMADE.test(mount.source) ? [resolvePath(mount.target, "/", null)] : [];
}

/** What a command sees whose root is a folder of the container. */
export function inRoot(root: string, { mounts = [], kept }: Walk): Mounted {
  const folder = resolvePath(root, "/", null);
  const inner = (path: string): string[] =>
    path === folder ? ["/"] : isBelow(path, folder) ? [path.slice(folder === "/" ? 0 : folder.length)] : [];
  return {
    mounts: mounts.flatMap((mount) => {
      const here = isBelow(folder, mount.inside) ? below(folder, mount) : undefined;
      return here === undefined
        ? inner(mount.inside).map((inside) => ({ ...mount, inside }))
        : [{ here, inside: "/" }];
    }),
    kept: kept?.flatMap(inner),
  };
}

function mountOf(flag: string, text: string, walk: Walk): Mount[] {
  const { source, target, type = "bind" } = readMount(flag, text) ?? {};
  if (type !== "bind") return [];
  if (source === undefined || !/^(?:[/~.$]|[A-Za-z]:[\\/])/.test(source)) return [];
  const here = /^[/~$]/.test(source) ? source : resolvePath(source, walk.scope.cwd, null);
  return [{ here, inside: resolvePath(target ?? source, "/", null) }];
}

/** Nothing of this machine: stands for paths of a container that are no mounts. */
const GONE = "/tmp/tmp.container/inside";

/**
 * The same command with the paths of this machine that stand behind the mounts of a container. Undefined if it has none: what
 * is lost in the container itself comes back with its image.
 */
export function onThisMachine(invocation: Invocation, mounts: readonly Mount[]): Invocation | undefined {
  if (mounts.length === 0) return undefined;
  const inside = resolvePath(invocation.cwd, "/", null);
  const cwd = mounts.map((mount) => below(inside, mount)).find((path) => path !== undefined) ?? GONE;
  const args = invocation.args.flatMap((arg) => translate(arg, mounts));
  const redirections = invocation.redirections.flatMap((entry) =>
    translate(entry.target, mounts).map((target) => ({ ...entry, target })),
  );
  return { ...invocation, machine: "here", cwd, otherCwd: undefined, args, redirections };
}

function translate(field: Field, mounts: readonly Mount[]): Field[] {
  const match = /^(-?-?\w*=|-[A-Za-z]+(?=\/))?(\/.*)$/s.exec(field.text);
  if (match?.[2] === undefined) return [field];
  const [, before = "", path] = match;
  const stars = /(?:\/(?:\*|\.\*|\.\[!\.\]\*))+$/.exec(path)?.[0] ?? "";
  const plain = resolvePath(path.slice(0, path.length - stars.length) || "/", "/", null);
  const found = mounts.flatMap((mount) => {
    const direct = below(plain, mount);
    if (direct !== undefined) return [`${direct}${stars}`];
    // What holds a mount takes the mount with it.
    return mount.inside === plain || mount.inside.startsWith(plain === "/" ? "/" : `${plain}/`)
      ? [`${mount.here}/*`]
      : [];
  });
  return (found.length > 0 ? found : [GONE]).map((text) => ({ ...field, text: before + text }));
}

/** The path here of a path in a container; undefined if it is not in the mount. */
function below(path: string, { here, inside }: Mount): string | undefined {
  if (path === inside) return here;
  const folder = inside === "/" ? "/" : `${inside}/`;
  if (!path.startsWith(folder)) return undefined;
  return here === "/" ? `/${path.slice(folder.length)}` : `${here}/${path.slice(folder.length)}`;
}
