import type { Row } from "../words.js";

const STOPS = "others on this machine may depend on it";

/** What stops, or no longer starts by itself. */
export const SERVICES: readonly Row[] = [
  [
    "systemctl stop|disable|mask|kill|reenable|revert|set-default|preset-all !--user",
    "it stops or changes a service of the machine",
  ],
  ["systemctl disable|mask|kill --user", "it stops a service of the user"],
  ["systemctl enable|link|edit|set-property", "from now on it starts a service by itself"],
  [
    "service * stop|disable ; rc-service|invoke-rc.d * stop ; rc-update del|delete|add ; update-rc.d * remove|disable|enable|defaults ; chkconfig * off|on ; chkconfig --del|--add ; insserv ; sv|s6-rc stop|down|exit|force-stop ; initctl stop ; supervisorctl stop|shutdown|remove ; svcadm disable ; brew services stop|kill",
    STOPS,
  ],
  [
    "launchctl unload|remove|bootout|disable|kill|stop|reboot ; launchctl load|bootstrap|enable|submit",
    "it changes what the machine starts by itself",
  ],
  [
    "killall|pkill -9|-KILL|-SIGKILL -u ; killall -9|-KILL|-SIGKILL|-s=KILL ; loginctl terminate-user|terminate-session|kill-user",
    STOPS,
  ],
  [
    "umount -a|-l|-f|--all|--lazy|--force ; swapoff ; mount remount* ; mount *=*remount* ; fuser -k -m ; zfs|zpool unmount|export -a|-f",
    STOPS,
  ],
  [
    "ip link|l set ... down ; ip link|l|addr|address|a|route|r|rule del|delete|flush|replace ; ifconfig * down ; ifdown ; nmcli ... off|down|delete ; netplan apply|try ; route del|delete|flush ; resolvectl revert|dns ; networksetup -set* ; wg-quick down",
    "the machine may lose its network",
  ],
  [
    "setenforce ; aa-teardown|aa-disable|aa-complain ; apparmor_parser -R ; auditctl -e=0|-D ; spctl --master-disable|--global-disable ; csrutil disable",
    "it takes the protection of the machine away",
  ],
  [
    "hostnamectl set-hostname|hostname ; timedatectl set-time|set-timezone|set-ntp|set-local-rtc ; hwclock -w|--systohc|--set ; localectl set-* ; date -s|--set",
    "it changes a setting that every program reads",
  ],
];

/** What runs later, or at each start of the machine. */
export const BOOT: readonly Row[] = [
  [
    "grub-install|grub2-install ; update-grub|update-grub2 ; grub-mkconfig|grub2-mkconfig -o|--output ; grub-set-default|grub-reboot|grub2-set-default|grub2-reboot ; grub-editenv|grub2-editenv * set|unset|create ; grubby --remove-kernel|--set-default|--update-kernel|--remove-args|--add-kernel ; lilo ; extlinux -i|--install ; syslinux -i|--install ; refind-install",
    "the machine may not start again",
  ],
  [
    "efibootmgr -b|-B|-o|-n|-c|-O|-D|-a|-A|-N|--delete-bootnum|--bootorder|--create|--active|--inactive|--bootnext ; bootctl install|remove|update|set-default|set-oneshot|unlink|cleanup ; mokutil --disable-validation|--reset|--delete|--import ; kernel-install add|remove ; kernelstub ; bless ; nvram -c|-d ; bcdedit ; sbctl reset|enroll-keys ; flashrom -w|-E|--write|--erase ; fwupdmgr install|update|downgrade",
    "the machine may not start again",
  ],
  [
    "update-initramfs -c|-u|-d|-k ; dracut -f|--force|--regenerate-all ; mkinitcpio -p|-P|--preset|--allpresets|-g ; mkinitramfs -o",
    "the machine may not start again",
  ],
  ["kexec -l|-e|-f|-u|--load|--exec|--force|--unload", "another kernel takes over the machine"],
  [
    "insmod|rmmod ; modprobe * !-n|--dry-run|--show-depends|-D|-c|--showconfig|-V|--version|-R ; kmod insert|remove|load|unload ; dkms remove|install|uninstall|add ; kextload|kextunload ; depmod -a",
    "it changes the running kernel",
  ],
  ["sysctl -w|--write|-p|--load|--system ; sysctl *=*", "it changes the running kernel"],
];

/** What runs later without anybody looking. */
export const SCHEDULED: readonly Row[] = [
  [
    "crontab * !-l|-e|-r|-V|-T ; fcrontab * !-l|-e|-r ; whenever -i|-w|-c|--update-crontab|--write-crontab|--clear-crontab",
    "it replaces all scheduled jobs of the user",
  ],
  [
    "at|batch !-l|-c|-V|-r|-d ; atrm ; at -r|-d ; batch",
    "it runs or drops something later, when nobody looks",
  ],
  [
    "systemd-run --on-calendar|--on-active|--on-boot|--on-startup|--on-unit-active|--timer-property ; schtasks /delete|/create|/change|/end ... ; anacron -f|-n",
    "it runs or drops something later, when nobody looks",
  ],
];
