/** Words that are worth a question when the command around them cannot be parsed. */
const SUSPECTS =
  /^(?:rm|rmdir|shred|dd|mkfs(?:\..*)?|wipefs|blkdiscard|fdisk|parted|shutdown|reboot|poweroff|halt|sudo|doas|eval|chmod|chown|kill|pkill|killall|truncate|crontab|iptables|dropdb|terraform|kubectl|-delete|filter-branch|filter-repo|--force|--hard|publish|rmtree|unlink|base64|DROP|TRUNCATE|\/dev\/(?:sd|hd|nvme|vd|mmcblk|disk).*)$/;

/** A coarse look at text that is no valid shell: the first word that could do harm, without regard to quoting. */
export function scanTokens(text: string): string | undefined {
  const joined = text.replace(/\\\n|['"\\]/g, "");
  return joined
    .split(/[\s;|&()<>`{}=$,]+/)
    .find((token) =>
      SUSPECTS.test(token.slice(token.lastIndexOf("/dev/") >= 0 ? 0 : token.lastIndexOf("/") + 1)),
    );
}
