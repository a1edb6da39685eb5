import { resolvePath } from "@synaps/guards/paths";
import type { Field, Invocation } from "../model.js";
import type { Walk } from "../walk.js";
import { readCarrier, type Carrier } from "./carrier.js";
import type { Launch } from "./launch.js";

/** A folder of this machine that a container sees under another path. Both are absolute, the first may be below `~`. */
export interface Mount {
  readonly here: string;
  readonly inside: string;
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

const CLIENTS = /^(?:docker|podman|nerdctl|finch|docker-compose|podman-compose|podman-remote)$/;

/** The command that `docker run`, `docker exec`, `docker compose run` and their like start inside. */
export function inContainer(name: string, args: readonly Field[], walk: Walk): Launch[] | undefined {
  if (/^(?:apptainer|singularity)$/.test(name)) return inImage(args, walk);
  if (!CLIENTS.test(name)) return undefined;
  let words = readCarrier(args, CLIENT)?.words ?? [];
  while (/^(?:compose|container)$/.test(words[0]?.text ?? ""))
    words = readCarrier(words.slice(1), CLIENT)?.words ?? [];
  const carried = readCarrier(words, RUN) ?? readCarrier(words, EXEC);
  if (!carried) return undefined;
  const entry = carried.values.filter(([flag]) => flag === "--entrypoint").map(([, value]) => value);
  const inner = [...entry, ...carried.words];
  const mounts = carried.values.flatMap(([flag, value]) => mountOf(flag, value.text, walk));
  const folder = carried.values.find(([flag]) => /^(?:-w|--workdir)$/.test(flag))?.[1].text ?? "/";
  return inner.length > 0 ? [launch(inner, mounts, folder, walk)] : [];
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
  return [launch(carried.words, [...here, ...bound], walk.scope.cwd, walk)];
}

const launch = (words: readonly Field[], mounts: readonly Mount[], folder: string, walk: Walk): Launch => ({
  words,
  changes: {
    machine: "container",
    mounts,
    scope: { ...walk.scope, cwd: folder, otherCwd: undefined, variables: new Map(walk.scope.variables) },
  },
});

function mountOf(flag: string, text: string, walk: Walk): Mount[] {
  let [source, target]: (string | undefined)[] = [undefined, undefined];
  if (flag === "-v" || flag === "--volume" || flag === "--bind") [source, target] = text.split(":");
  else if (flag === "--mount") {
    const parts = new Map(text.split(",").map((part) => part.split("=", 2) as [string, string]));
    if (parts.has("type") && parts.get("type") !== "bind") return [];
    source = parts.get("source") ?? parts.get("src");
    target = parts.get("target") ?? parts.get("destination") ?? parts.get("dst");
  }
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
