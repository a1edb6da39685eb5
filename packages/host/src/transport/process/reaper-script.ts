/**
 * The reaper of POSIX systems. It reads lines until the host's end of the pipe is gone, however the host ended:
 *
 *     ?FOLDER  a child is about to be started in this folder; alone: that came to nothing
 *     +GROUP   it is there and leads this process group
 *     -GROUP   nobody of the group is left
 *
 * Then it kills the groups that are still on its list and ends. A host that is killed after it started a child and
 * before it could say `+` leaves a process of which only the folder is known. On Linux that is enough to find it, or
 * those that it left when it ended: they belong to a session that is a group, as the host starts its children, were
 * started no more than five seconds before this shell heard of it (which may lag), stand in that folder, and were
 * inherited by the same process as the reaper, since the host was the parent of both. They may still be on their way
 * there, so they are looked for a little longer. Elsewhere such a child gets the end of its input and no more.
 */
export const POSIX_REAPER = `
trap '' HUP INT QUIT TERM
groups=' ' folder='' since=0
while IFS= read -r line; do
  case $line in
    '?'*)
      folder=\${line#?}
      { read -r now rest </proc/uptime; } 2>/dev/null && since=$(((\${now%.*} - 5) * 100)) ;;
    +*) groups="$groups\${line#?} " folder='' ;;
    -*)
      group=\${line#?}
      case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done 2>/dev/null
[ -n "$folder" ] && [ -r "/proc/$$/stat" ] || exit 0
stat() {
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  set -- \${line##*) }
  parent=$2 group=$3 session=$4 born=\${20}
}
rounds=0
while [ $rounds -lt 12 ]; do
  stat $$
  heir=$parent
  if [ "$heir" != "$1" ]; then
    for path in /proc/[0-9]*; do
      pid=\${path#/proc/}
      # The folder first: a shell reads byte by byte, and the kernel writes the whole line for each.
      [ "$path/cwd" -ef "$folder" ] && [ "$pid" != $$ ] && stat "$pid" || continue
      [ "$parent" = "$heir" ] && [ "$session" = "$group" ] && [ "$born" -ge "$since" ] &&
        kill -s KILL -- "-$group"
    done 2>/dev/null
  fi
  sleep 0.05 2>/dev/null || sleep 1
  rounds=$((rounds + 1))
done
`;

/** The reaper of Windows: same lines, same end, and `taskkill` for what is left. */
export const WINDOWS_REAPER = `
const { spawn } = require("node:child_process");
const pids = new Set();
let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text) => {
  const lines = (rest + text).split("\\n");
  rest = lines.pop();
  for (const line of lines) {
    if (line[0] === "+") pids.add(line.slice(1));
    if (line[0] === "-") pids.delete(line.slice(1));
  }
});
process.stdin.on("end", () => {
  for (const pid of pids) spawn(process.argv[1], ["/T", "/F", "/PID", pid], { stdio: "ignore", windowsHide: true });
});
`;
