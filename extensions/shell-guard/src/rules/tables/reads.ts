import type { Row } from "../words.js";

const READS_ONLY = "it only reads";

/** Programs that show files. */
export const READERS =
  /^(?:cat|head|tail|grep|egrep|fgrep|zcat|zgrep|wc|file|stat|ls|du|readlink|realpath|test|md5sum|sha256sum|diff|cmp)$/;

/** Folders of packages that were downloaded and can be again. */
export const CACHES = /^\/var\/(?:cache\/(?:apt|dnf|yum|pacman|apk|zypp|man)|lib\/apt\/lists)(?:\/|$)/;

/** Commands that show the state of the machine and change nothing of it, with the rights of whoever. */
export const READS: readonly Row[] = [
  [
    "df|ss|netstat|lsof|ps|pgrep|id|whoami|uptime|free|who|w|last|lastlog|lsblk|blkid|lscpu|lspci|lsusb|lsmod|dmidecode|true|which|getent|uname|apt-cache !-K|--kill",
    READS_ONLY,
  ],
  ["dmesg !-c|-C|-D|-E|-n|--clear|--read-clear|--console-off|--console-on|--console-level", READS_ONLY],
  [
    "journalctl !--vacuum-time|--vacuum-size|--vacuum-files|--rotate|--flush|--sync|--relinquish-var|--smart-relinquish-var|--update-catalog|--setup-keys",
    READS_ONLY,
  ],
  [
    "systemctl status|is-active|is-enabled|is-failed|list-units|list-unit-files|list-timers|list-sockets|list-jobs|list-dependencies|show|cat|show-environment|get-default ; service * status ; crontab -l ; atq ; loginctl list-sessions|show-session|session-status ; timedatectl status|show ; hostnamectl status",
    READS_ONLY,
  ],
  [
    "apt list|show|search|policy|depends|rdepends ; dpkg -l|-L|-S|-s|--list|--listfiles|--search|--status ; rpm -qa|-qi|-ql|-q|-qf ; dnf|yum list|info|search|repolist|check-update ; snap list|info ; pacman -Q|-Qi|-Ql|-Ss|-Si",
    READS_ONLY,
  ],
  [
    "docker|podman ps|images|version|info|logs|stats|top|port|df ; docker|podman container|image|volume|network ls ; ufw status ; iptables|ip6tables -L|-S|-nL !-F|-D|-A|-I|-X|-P|-Z|-R|-N ; nft list ; sysctl -a ; fdisk -l ; nginx -t|-T|-v|-V ; apachectl configtest|-t|-S ; sshd -t|-T ; visudo -c ; ip addr|a|link|route|r show|ls|list",
    READS_ONLY,
  ],
];
