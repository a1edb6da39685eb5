import { texts } from "../args.js";
import { ELEVATED } from "./elevated.js";
import { line, never, type Rule } from "./rule.js";

/** `kill` with a process that is everybody's. Signal 0 only asks whether there is such a process. */
function killed(words: readonly string[]): string | undefined {
  const [first = "", second = ""] = words;
  if (/^(?:-l|-L|--list|--table|-0)/.test(first)) return undefined;
  const named = /^(?:-s|-n|--signal)$/.test(first);
  if (named && /^0$|^EXIT$/.test(second)) return undefined;
  const hasSignal = /^-(?:\d+|[A-Za-z][\w+]*|-signal=.*)$/.test(first) && !(words.length === 1);
  const targets = words.slice(named ? 2 : hasSignal ? 1 : 0).filter((word) => word !== "--");
  if (targets.includes("1")) return "process 1 is the machine itself";
  return targets.includes("-1") ? "it ends every process of the user" : undefined;
}

export const MACHINE: readonly Rule[] = [
  {
    id: "fork-bomb",
    severity: "block",
    about: "a function or script that starts copies of itself",
    remedy: "Start a bounded number of processes.",
    match: never,
  },
  {
    id: "kill-all",
    severity: "block",
    about: "`kill -9 -1`, `kill 1`, `killall5`, `pkill` of everything",
    remedy: "Name the process id that you started.",
    isAbout: (name) => /^(?:killall5?|kill|pkill|skill)$/.test(name),
    match(invocation) {
      const words = texts(invocation.args);
      if (invocation.name === "killall5") return "it ends every process";
      if (invocation.name === "kill") return killed(words);
      const everybody =
        /^(?:pkill|killall|skill)$/.test(invocation.name) &&
        !words.some((word) => /^(?:-l|--list|-0|--signal=0)$/.test(word)) &&
        words.some((word) => /^(?:\.[*+]?|\^?\.\*\$?|\^|\$|''|\[a-z]-[a-z]\]|)$/.test(word));
      return everybody ? "its pattern matches every process" : undefined;
    },
  },
  {
    id: "shutdown",
    severity: "block",
    about: "`shutdown`, `reboot`, `poweroff`, `init 0`",
    remedy: "Ask the user to do it.",
    match(invocation) {
      const { name } = invocation;
      const text = line(invocation);
      if (/^(?:shutdown|reboot|poweroff|halt|telinit|init)$/.test(name)) {
        if (
          /(?:^|\s)(?:-c|--help|--version|--show)(?:\s|$)/.test(text) ||
          (name.endsWith("init") && !/^[06]$/.test(text))
        )
          return undefined;
        return "it stops the machine";
      }
      if (name === "systemctl" || name === "loginctl")
        return /(?:^|\s)(?:poweroff|reboot|halt|kexec|suspend|hibernate|rescue|emergency|isolate)(?:\s|$)/.test(
          text,
        )
          ? "it stops the machine"
          : undefined;
      return invocation.redirections.some(({ target }) => target.text === "/proc/sysrq-trigger")
        ? "it commands the kernel"
        : undefined;
    },
  },
  {
    id: "firewall-off",
    severity: "block",
    about: "`iptables -F`, `ufw disable`, `nft flush ruleset`, `setenforce 0`",
    remedy: "Change the one rule that is in the way.",
    isAbout: (name) => /^(?:ip6?tables|ufw|nft|setenforce|pfctl|firewall-cmd)(?: |$)/.test(name),
    match(invocation) {
      const text = `${invocation.name} ${line(invocation)}`;
      return /^(?:ip6?tables (?:.* )?(?:-F|--flush|-X|-P INPUT DROP)\b|ufw (?:.* )?(?:disable|reset)|nft (?:.* )?flush|setenforce 0|pfctl -[dF]|firewall-cmd .*--panic-on)/.test(
        text,
      )
        ? "it takes the protection of the machine away"
        : undefined;
    },
  },
  {
    id: "account-change",
    severity: "block",
    about: "removing accounts or passwords",
    remedy: "Ask the user to do it.",
    isAbout: (name) => /^(?:userdel|deluser|groupdel|passwd|usermod|chpasswd)(?!\w)/.test(name),
    match(invocation) {
      const text = `${invocation.name} ${line(invocation)}`;
      return /^(?:userdel|deluser|groupdel|passwd (?:-d|-l|root)|usermod (?:-L|--lock)|chpasswd)\b/.test(text)
        ? "it changes who can log in"
        : undefined;
    },
  },
  {
    id: "reverse-shell",
    severity: "block",
    about: "a shell handed to another machine",
    remedy: "There is no safe form of it.",
    match(invocation) {
      const text = `${invocation.name} ${line(invocation)}`;
      const sent = invocation.redirections.some(({ target }) => /^\/dev\/(?:tcp|udp)\//.test(target.text));
      if (sent && /^(?:ba|z|da|k)?sh\b/.test(text)) return "it gives a shell to another machine";
      return /^(?:nc|ncat|netcat) .*(?:-\w*[ec]|--exec|--sh-exec) ?(?:\/\S*\/)?\w*sh\b|^socat .*exec:/i.test(
        text,
      )
        ? "it gives a shell to another machine"
        : undefined;
    },
  },
  {
    id: "package-remove",
    severity: "confirm",
    about: "removing packages of the system",
    remedy: "Say which package and why; the user can remove it.",
    isAbout: (name) =>
      /^(?:apt|apt-get|aptitude|dnf|yum|zypper|dpkg|rpm|pacman|apk|brew|snap|flatpak)(?: |$)/.test(name),
    match(invocation) {
      const text = `${invocation.name} ${line(invocation)}`;
      return /^(?:apt|apt-get|aptitude|dnf|yum|zypper) (?:-\S+ )*(?:purge|remove|erase|autoremove|full-upgrade|dist-upgrade)\b|^(?:dpkg|rpm) (?:-\S+ )*(?:-r|-P|--purge|-e|--erase)\b|^pacman -R|^apk del\b|^brew uninstall .*--(?:force|zap|ignore-dependencies)|^snap remove|^flatpak uninstall/.test(
        text,
      )
        ? "it removes software that other programs may need"
        : undefined;
    },
  },
  ELEVATED,
  {
    id: "history-clear",
    severity: "confirm",
    about: "erasing the shell history or logs",
    remedy: "Leave the traces of what was done.",
    match(invocation) {
      const text = `${invocation.name} ${line(invocation)}`;
      return /^(?:history (?:-\w*c|-w \/dev\/null)|journalctl .*--vacuum-(?:time=[01]s|size=1\b)|wevtutil cl|auditctl -e ?0|auditctl -D)/.test(
        text,
      ) ||
        invocation.redirections.some(
          ({ target, appends, writes }) => writes && !appends && /\.(?:bash|zsh)_history$/.test(target.text),
        )
        ? "it removes the record of what was done"
        : undefined;
    },
  },
];
