import { has, readArgs } from "../args.js";
import type { Field, Invocation } from "../model.js";
import { classifyPath, guardedKindOf, type Place } from "../paths.js";
import { isDevice, isSystemFile, isVital } from "@synaps/guards/paths";
import { lastKept } from "../remembered.js";
import { isLoginFile } from "../system-files.js";
import { line, type Rule } from "./rule.js";
import { absolute, deletedFiles, worstOf } from "./targets.js";
import { isTrial } from "./words.js";
import { writtenFiles, type Written } from "./written.js";

const ON_DEVICE =
  /^(?:mkfs|mkfs\..+|mke2fs|mkswap|wipefs|blkdiscard|fdisk|sfdisk|gdisk|sgdisk|cfdisk|parted|shred|badblocks|newfs|newfs_\w+|scrub)$/;
const HARMLESS =
  /(?:^|\s)(?:-l|--list|-p|print|list|info|status|isLuks|luksDump|-I|-i|--detail|--examine|smart-log|id-ctrl|-n|--no-act|-V)(?:\s|$)/;
const ERASES: Readonly<Record<string, RegExp>> = {
  diskutil: /\b(?:erase\w*|partitionDisk|zeroDisk|secureErase|reformat)\b/i,
  zpool: /^(?:destroy|labelclear)\b/,
  zfs: /^destroy\b.*-[rRf]/,
  lvremove: /./,
  vgremove: /./,
  pvremove: /./,
  format: /^[A-Za-z]:/,
  mdadm: /--zero-superblock/,
  nvme: /^(?:format|sanitize)\b/,
  hdparm: /--security-erase|--trim-sector-ranges/,
  cryptsetup: /\b(?:luksFormat|erase|luksErase)\b/,
};

const filesOf = lastKept((invocation: Invocation): readonly Field[] =>
  writtenFiles(invocation).map(({ file }) => file),
);
const PERMISSIONS = /^(?:chmod|chown|chgrp|setfacl|chattr|chflags)$/;

/** Devices that take anything, and folders for tools of the user. */
const FREE = /^\/(?:dev|proc)\/|\/(?:bin|\.local\/(?:bin|share))(?:\/[^/]*)?$/;

/** A file outside whose content goes; a key is worth more. */
function lostOutside(invocation: Invocation, place: Place): { written: Written; path: string } | undefined {
  for (const written of writtenFiles(invocation)) {
    if (written.loses === "none") continue;
    const path = absolute(written.file, invocation, place);
    const kind = classifyPath(written.file, invocation.cwd, place, true);
    const isOutside = kind === "outside" || (kind === "system" && isSystemFile(path)) || kind === "git";
    if (isOutside && !FREE.test(path)) return { written, path };
  }
  return undefined;
}

export const WRITES: readonly Rule[] = [
  {
    id: "disk-write",
    severity: "block",
    about: "write to a block device: `dd of=/dev/sda`, `mkfs`, `wipefs`, `> /dev/sda`",
    remedy: "Work on an image file instead, or let the user do it by hand.",
    match(invocation, place) {
      const { name, args } = invocation;
      const device = filesOf(invocation).find((field) => isDevice(absolute(field, invocation, place)));
      if (device) return `it writes straight to '${device.text}', which destroys the file system on it`;
      if (isTrial(args)) return undefined;
      const text = line(invocation);
      if (ERASES[name]?.test(text)) return `'${name}' erases a disk or a volume`;
      return ON_DEVICE.test(name) && !HARMLESS.test(text) && args.some((arg) => isDevice(arg.text))
        ? `'${name}' changes a whole disk`
        : undefined;
    },
  },
  {
    id: "overwrite-system",
    severity: "block",
    about: "change of a file that the machine or its logins depend on, such as `/etc/passwd` or `/bin`",
    remedy: "Write a copy into the project and let the user install it.",
    match(invocation, place) {
      if (invocation.machine === "container") return undefined;
      const file = filesOf(invocation).find((field) => isVital(absolute(field, invocation, place)));
      if (file) return `it overwrites '${file.text}'`;
      const moved =
        invocation.name === "mv" ? worstOf(deletedFiles(invocation), invocation, place) : undefined;
      const isFolder =
        moved && (moved.kind !== "system" || /^\/[^/]+\/*$|^\/var\/[^/]+\/*$/.test(moved.path));
      return moved && isFolder && ["root", "system", "home"].includes(moved.kind)
        ? `it moves '${moved.path}' away`
        : undefined;
    },
  },
  {
    id: "overwrite-kept",
    severity: "block",
    about:
      "emptying or replacing a key, credentials outside the project, or a file that holds the history in `.git`",
    remedy: "Write to another file and let the user put it in place.",
    match(invocation, place) {
      const lost = invocation.machine === "here" ? lostOutside(invocation, place) : undefined;
      if (!lost || lost.written.loses !== "all") return undefined;
      if (/\/\.git\//.test(lost.path))
        return `it replaces '${lost.written.file.text}', without which the repository is broken`;
      const isKey = guardedKindOf(lost.path, place) === "secret" && !lost.path.endsWith("/authorized_keys");
      return isKey
        ? `it replaces all of '${lost.written.file.text}', which holds keys or credentials`
        : undefined;
    },
  },
  {
    id: "permissions-system",
    severity: "block",
    about: "`chmod`, `chown` or `setfacl` over a system folder or a home folder",
    remedy: "Name the files in the project that need it.",
    isAbout: (name) => PERMISSIONS.test(name),
    match(invocation, place) {
      if (invocation.machine === "container") return undefined;
      const parsed = readArgs(invocation.args);
      const recursive = has(parsed, "-R", "--recursive");
      const withoutMode =
        has(parsed, "--reference") ||
        invocation.args.some((arg) => /^[-+][rwxstia]+$/.test(arg.text) && !/^-R$/.test(arg.text));
      const targets = parsed.operands.filter((_, index) => index > 0 || withoutMode);
      const worst = worstOf(targets, invocation, place);
      if (recursive && worst && ["root", "system", "home"].includes(worst.kind))
        return `it changes the permissions of everything in '${worst.path}'`;
      const file = targets.find((field) => isVital(absolute(field, invocation, place)));
      return file && `it changes the permissions of '${file.text}'`;
    },
  },
  {
    id: "write-outside",
    severity: "confirm",
    about: "change of system files and login files, and emptying or replacing any file outside the project",
    remedy: "Write into the project or a temporary folder; `>>` adds without losing what is there.",
    match(invocation, place) {
      if (invocation.machine !== "here") return undefined;
      const guarded = filesOf(invocation).find(
        (field) => classifyPath(field, invocation.cwd, place) === "protected",
      );
      if (guarded) return `'${guarded.text}' is protected by the configuration`;
      const file = filesOf(invocation).find((field) => {
        const path = absolute(field, invocation, place);
        const inside = ["inside", "project", "cache", "temp"].includes(
          classifyPath(field, invocation.cwd, place),
        );
        return !inside && (isSystemFile(path) || isLoginFile(path));
      });
      if (file) return `it changes '${file.text}', which other programs rely on`;
      const lost = lostOutside(invocation, place);
      if (!lost) return undefined;
      const { text } = lost.written.file;
      if (/\/\.git\//.test(lost.path)) return `it changes '${text}', which git itself looks after`;
      return lost.written.loses === "all"
        ? `'${text}' is outside the project, and what it held before is lost`
        : `'${text}' is outside the project, and it is changed in place`;
    },
  },
  {
    id: "permissions-open",
    severity: "confirm",
    about: "`chmod -R 777` and the like",
    remedy: "Give only the permission that is needed, to the file that needs it.",
    isAbout: (name) => name === "chmod",
    match(invocation) {
      const text = line(invocation);
      return /-\w*R/.test(text) &&
        /(?:^|\s)(?:0?777|0?000|a\+rwx|a-rwx|ugo\+rwx|o\+w|\+s|[ugo]\+s|[2467]777)(?:\s|$)/.test(text)
        ? "it opens or closes every file below to everybody"
        : undefined;
    },
  },
];
