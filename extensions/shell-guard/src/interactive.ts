import { readArgs } from "./args.js";
import { keptByName } from "./remembered.js";
import { TERMINAL, type Field, type Invocation } from "./model.js";

interface Interactive {
  readonly names: RegExp;
  /** Letters of its flags that take a value. */
  readonly valued?: string;
  /** Words that it may have and still wait for input: a host, a database. Default 0. */
  readonly operands?: number;
  /** Flags with which it runs something and ends. */
  readonly ends?: RegExp;
  /** Flags with which it waits for input whatever else is given. */
  readonly waits?: RegExp;
  /** First words with which it waits, such as `console`. Without one of them it does not. */
  readonly verbs?: RegExp;
}

const ENDS = /^(?:-c|-e|-E|-m|-s|--version|-V|--help|-h|--eval|--command|--execute|--print|-p|-f|--file)$/;

/** Programs that read commands from a terminal when nothing else is given. */
const INTERACTIVE: readonly Interactive[] = [
  { names: /^(?:sh|bash|zsh|dash|ksh|ash|mksh|fish|rbash|csh|tcsh|nu|elvish|pwsh|powershell)$/, waits: /^-i$/, ends: /^(?:-c|--version|--help|-Command|-n)$/, valued: "oO" },
  { names: /^(?:python|pypy)[\d.]*$|^ipython[\d.]*$|^bpython$/, waits: /^-i$/, valued: "WX", ends: /^(?:-c|-m|-V|--version|-h|--help)$/ },
  { names: /^(?:node|nodejs|deno|lua[\d.]*|luajit|irb|pry|ghci|julia|R|iex|erl|scala|jshell|php|groovysh|clj|sbcl|racket|guile|tclsh|maxima|octave|gdb|lldb|bc|ex|ed)$/, waits: /^(?:-i|-a|--interactive)$/, ends: /^(?:-e|--eval|-p|--print|-v|--version|-h|--help|-r|-i|-m|--batch|-batch)$/ },
  { names: /^(?:psql|pgcli|mysql|mariadb|mycli|cockroach|clickhouse-client|sqlcmd|usql)$/, operands: 3, valued: "hpUdPuDSWt", ends: /^(?:-c|-f|-e|-l|-q|-Q|--command|--file|--execute|--list|--version|-V|--help|-\?)$/ },
  { names: /^(?:sqlite3|duckdb|mongosh|mongo)$/, operands: 1, ends: /^(?:--eval|-f|--file|--version|-version|--help|-c|-cmd|--quiet-eval)$/ },
  { names: /^(?:redis-cli|valkey-cli)$/, valued: "hpuanst", ends: /^(?:--scan|--bigkeys|--stat|--latency|--pipe|--version|-v|--help|-x)$/ },
  { names: /^(?:ftp|sftp|telnet|lftp|cqlsh|snowsql|smbclient)$/, operands: 2, valued: "uPoibBhp", ends: /^(?:-b|-c|-e|-f|--version|--help)$/ },
  { names: /^(?:ssh|autossh|mosh|rsh)$/, operands: 1, valued: "BbcDEeFIiJLlMmOoPpQRSWw", ends: /^(?:-N|-V|-G|-Q|-O|-f|-n|-T)$/ },
  { names: /^(?:su|newgrp)$/, operands: 1, valued: "sgGw", ends: /^(?:-c|--command|--help|--version)$/ },
  { names: /^(?:sudo|doas)$/, waits: /^(?:-i|-s|--login|--shell)$/, operands: -1, valued: "ugpCrtU" },
  { names: /^tmux$/, valued: "LSf", verbs: /^(?:new|new-session|attach|attach-session|a|at)$/, ends: /^-d$/, operands: 9 },
  { names: /^(?:screen|byobu|zellij|dtach|abduco)$/, valued: "SctepshT", operands: 1, ends: /^(?:-ls|-list|-X|-dmS|-dm|-wipe|-v)$/ },
  { names: /^(?:script|vim?|nvim|emacs|nix-shell|chroot)$/, operands: 1, valued: "oEtTIOBmRwSGr", ends: /^(?:-c|-e|-E|-es|-Es|--batch|-batch|--command|--run|--version|--help|--headless|-f|-b)$/ },
  { names: /^(?:expect|unshare|nsenter)$/, valued: "RwSGrt", ends: /^(?:-c|-f|-b|--version|--help)$/ },
  { names: /^(?:rails|rake|manage\.py|artisan|django|django-admin|tinker)$/, verbs: /^(?:console|c|dbconsole|db|shell|shell_plus|dbshell|tinker)$/, operands: 2, ends: /^(?:-c|--command|--execute|--help|-p)$/ },
  { names: /^(?:docker|podman|nerdctl|kubectl|oc|lxc|incus|vagrant|gcloud|machinectl|limactl|multipass|heroku|fly|minikube)$/, verbs: /^(?:ssh|shell|login|console|attach|rsh|run:inside|psql|pg:psql)$/, operands: 3, ends: /^(?:-c|--command|-C|--help)$/ },
]; // prettier-ignore

const interactiveOf = keptByName((name) => INTERACTIVE.find(({ names }) => names.test(name)));

/** True for the start of a program that reads its commands from a terminal, where they can be typed without a check. */
export function startsInterpreter({ name, args, input }: Invocation): boolean {
  if (input !== TERMINAL) return false;
  const own = interactiveOf(name);
  if (!own) return false;
  const parsed = readArgs(
    args,
    [...(own.valued ?? "")].map((letter) => `-${letter}`),
  );
  const flags = [
    ...parsed.flags,
    ...args.map((arg: Field) => arg.text).filter((text) => /^-\w{2,}$/.test(text)),
  ];
  if (own.waits && flags.some((flag) => own.waits?.test(flag))) return true;
  if (flags.some((flag) => (own.ends ?? ENDS).test(flag))) return false;
  const words = parsed.operands.map((field) => field.text);
  if (own.verbs && !own.verbs.test(words[0] ?? "")) return false;
  return words.length <= (own.operands ?? 0);
}
