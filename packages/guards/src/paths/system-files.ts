/** Files whose loss or change breaks or opens the machine. */
const VITAL =
  /^\/(?:etc\/(?:passwd|shadow|group|gshadow|sudoers(?:\.d\/.*)?|fstab|crontab|ld\.so\.\w+|pam\.d\/.*|ssh\/.*|profile|hosts|resolv\.conf|rc\.local|default\/grub|systemd\/system\/.*)|(?:bin|sbin|boot|lib|lib64|usr\/(?:bin|sbin|lib)|proc\/sys|sys|System)(?:\/.*)?|proc\/sysrq-trigger)$/;

const SYSTEM = /^\/(?:etc|usr\/(?!local\/)|var\/(?:lib|spool)|Library|root)(?:\/|$|\w)/;

/** Block devices and memory: writing there destroys a file system or the running machine. */
const DEVICE =
  /^\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|md|dm-|mapper\/|disk|rdisk|loop|nbd|zvol|mem|kmem|port|ada|da\d)/;

/** True for a file that the machine or its logins depend on, such as `/etc/passwd` or `/bin/sh`. Takes an absolute path. */
export const isVital = (path: string): boolean => VITAL.test(path);

/** True for any other file of the system. Takes an absolute path. */
export const isSystemFile = (path: string): boolean => SYSTEM.test(path);

/** True for a disk, a volume or memory. Takes an absolute path. */
export const isDevice = (path: string): boolean => DEVICE.test(path);
