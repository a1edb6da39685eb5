import { has, readArgs } from "../args.js";
import { classifyPath } from "../paths.js";
import { isDevice, isLoginFile, isSystemFile, isVital } from "../system-files.js";
import { line, type Rule } from "./rule.js";
import { absolute, deletedFiles, worstOf, writtenFiles } from "./targets.js";

const ON_DEVICE =
  /^(?:mkfs|mkfs\..+|mke2fs|mkswap|wipefs|blkdiscard|fdisk|sfdisk|gdisk|sgdisk|cfdisk|parted|shred|badblocks|hdparm|nvme|cryptsetup|mdadm|partprobe|tee|cp|cat|newfs|newfs_\w+|scrub)$/;
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

export const WRITES: readonly Rule[] = [
  {
    id: "disk-write",
    severity: "block",
    about: "write to a block device: `dd of=/dev/sda`, `mkfs`, `wipefs`, `> /dev/sda`",
    remedy: "Work on an image file instead, or let the user do it by hand.",
    match(invocation, place) {
      const { name, args } = invocation;
      const device = writtenFiles(invocation).find((field) => isDevice(absolute(field, invocation, place)));
      if (device) return `it writes straight to '${device.text}', which destroys the file system on it`;
      const text = line(invocation);
      if (ERASES[name]?.test(text)) return `'${name}' erases a disk or a volume`;
      const onDevice =
        ON_DEVICE.test(name) &&
        !/^(?:tee|cp|cat|nvme|hdparm|cryptsetup|mdadm|partprobe)$/.test(name) &&
        !HARMLESS.test(text);
      return onDevice && args.some((arg) => isDevice(arg.text))
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
      const file = writtenFiles(invocation).find((field) => isVital(absolute(field, invocation, place)));
      if (file) return `it overwrites '${file.text}'`;
      const moved =
        invocation.name === "mv" ? worstOf(deletedFiles(invocation), invocation, place) : undefined;
      return moved && ["root", "system", "home"].includes(moved.kind)
        ? `it moves '${moved.path}' away`
        : undefined;
    },
  },
  {
    id: "permissions-system",
    severity: "block",
    about: "`chmod`, `chown` or `setfacl` over a system folder or a home folder",
    remedy: "Name the files in the project that need it.",
    match(invocation, place) {
      if (
        !/^(?:chmod|chown|chgrp|setfacl|chattr|chflags)$/.test(invocation.name) ||
        invocation.machine === "container"
      )
        return undefined;
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
    about: "change of other system files, login files, or emptying a file in the home folder",
    remedy: "Keep the change inside the project.",
    match(invocation, place) {
      if (invocation.machine !== "here") return undefined;
      const guarded = writtenFiles(invocation).find(
        (field) => classifyPath(field, invocation.cwd, place) === "protected",
      );
      if (guarded) return `'${guarded.text}' is protected by the configuration`;
      const file = writtenFiles(invocation).find((field) => {
        const path = absolute(field, invocation, place);
        return isSystemFile(path) || isLoginFile(path);
      });
      if (file) return `it changes '${file.text}', which other programs rely on`;
      const emptied = invocation.redirections.find(
        (entry) => entry.writes && !entry.appends && /^~\/\.\w+$/.test(entry.target.text),
      );
      return emptied && `it replaces all of '${emptied.target.text}'`;
    },
  },
  {
    id: "permissions-open",
    severity: "confirm",
    about: "`chmod -R 777` and the like",
    remedy: "Give only the permission that is needed, to the file that needs it.",
    match({ name, args }) {
      const text = args.map((arg) => arg.text).join(" ");
      return name === "chmod" &&
        /-\w*R/.test(text) &&
        /(?:^|\s)(?:0?777|0?000|a\+rwx|a-rwx|ugo\+rwx|o\+w|\+s|[ugo]\+s|[2467]777)(?:\s|$)/.test(text)
        ? "it opens or closes every file below to everybody"
        : undefined;
    },
  },
];
