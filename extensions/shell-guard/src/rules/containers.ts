import { isReadOnlyMount } from "../launch/containers.js";
import type { Invocation } from "../model.js";
import { ALL_CONTAINERS } from "../sources.js";
import { isBelow, resolvePath } from "@synaps/guards/paths";
import type { Rule } from "./rule.js";
import { CONTAINERS_CHANGED } from "./tables/containers.js";
import { deletedFiles, deletedTrees } from "./targets.js";
import { isTrial, lossIn } from "./words.js";

/** Where images keep what their volumes hold. Caches and lists of packages are no data. */
const DATA =
  /^\/(?:$|(?:\*|var|srv|data|db|bitnami|home|root|opt|mnt|media)(?:\/\*)?$|var\/(?:lib|www|opt|spool|backups?|mail)(?:\/|$)|(?:data|srv|bitnami|db|backups?|uploads?|storage|mnt|media)\/|opt\/[^/]+\/(?:data|db|storage)(?:\/|$)|usr\/share\/[^/]+\/data(?:\/|$)|(?:app|code|workspace|usr\/src\/app|var\/www\/html)\/(?:data|db|storage|uploads?|media)(?:\/|$))/;
const NO_DATA = /^\/var\/lib\/(?:apt\/lists|dpkg|apk|cache)(?:\/|$)/;

const table = lossIn(CONTAINERS_CHANGED);

function deletedData(invocation: Invocation): string | undefined {
  if (invocation.machine !== "container") return undefined;
  const { kept, cwd } = invocation;
  return [...deletedTrees(invocation), ...deletedFiles(invocation)].find((field) => {
    const path = resolvePath(field.text, kept === undefined ? "/" : resolvePath(cwd, "/", null), null);
    if (kept !== undefined) return kept.some((folder) => holdsMost(path, folder));
    return field.text.startsWith("/") && DATA.test(path) && !NO_DATA.test(path);
  })?.text;
}

/** Whether a delete of the path takes a folder, all in it, or a folder in it. */
const holdsMost = (path: string, folder: string): boolean => {
  const plain = path.replace(/(?:\/(?:\*|\.\*|\.\[!\.\]\*|\.\?\?\*))+$/, "") || "/";
  return plain === folder || isBelow(folder, plain) || isBelow(plain, folder);
};

/** `docker rm -f $(docker ps -aq)`: all that there are, also of other projects. */
function endsAll({ name, args, input }: Invocation): boolean {
  if (!/^(?:docker|podman|nerdctl)$/.test(name)) return false;
  const verb =
    args.find(({ text }) => !text.startsWith("-") && !/^(?:container|image)$/.test(text))?.text ?? "";
  return (
    /^(?:rm|rmi|remove|kill|stop)$/.test(verb) &&
    [input, ...args].some((value) => (value.sources ?? []).includes(ALL_CONTAINERS))
  );
}

const disk = lossIn([["docker|podman|nerdctl run|create", "it gives a container the whole disk"]]);
const WHOLE_DISK = /^(?:--(?:volume|mount)=)?(?:(?:\S*,)?(?:src|source)=)?\/(?::|,|$)/;

function mountsDisk(invocation: Invocation): string | undefined {
  const mounted = invocation.args.some(
    ({ text }, index) =>
      WHOLE_DISK.test(text) &&
      !isReadOnlyMount(text) &&
      (/^--(?:volume|mount)=/.test(text) ||
        /^(?:-v|--volume|--mount)$/.test(invocation.args[index - 1]?.text ?? "")),
  );
  return mounted ? disk(invocation) : undefined;
}

export const CONTAINERS: readonly Rule[] = [
  {
    id: "container-data",
    severity: "confirm",
    about: "deleting volumes, the data folders of a container, or all containers; giving one the whole disk",
    remedy: "Name the one container or volume that this project made, and dump its data first.",
    match(invocation) {
      const data = deletedData(invocation);
      if (data !== undefined)
        return `'${data}' holds the data of the container, which its image does not bring back`;
      if (endsAll(invocation))
        return "it takes every container or image of the machine, also those of other projects";
      return isTrial(invocation.args) ? undefined : (table(invocation) ?? mountsDisk(invocation));
    },
  },
];
