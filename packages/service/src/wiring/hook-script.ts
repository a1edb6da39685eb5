import { join } from "node:path";
import { PROJECT_HEADER } from "../server/hook-request.js";
import { ANSWER_LIMIT_S, END_EVENTS, END_LIMIT_S, LOG_BYTES, REFUSAL, START_LIMIT_S } from "./hook-limits.js";
import { perlClient } from "./perl-client.js";
import { shellQuoted } from "./shell-words.js";

/** Everything that is fixed in the hook programs when they are written. All paths are absolute. */
export interface HookPlaces {
  /** The folder of the hook programs, of their log, and of the records of `wire`. */
  readonly agentsDir: string;
  readonly baseDir: string;
  /** The private folder of the socket. */
  readonly socketDir: string;
  readonly socket: string;
  readonly node: string;
  /** The file of `synaps-ext` that Node runs. */
  readonly cli: string;
  /** The path of perl; undefined where there was none. */
  readonly perl: string | undefined;
  /** The path of curl; undefined where there was none. */
  readonly curl: string | undefined;
}

/** The path of the program that agents are told to start. */
export function hookPath(agentsDir: string): string {
  return join(agentsDir, "hook");
}

/** The path of the program that stands in for `hook` where there is neither perl nor curl. */
export function nodeHookPath(agentsDir: string): string {
  return join(agentsDir, "hook.cjs");
}

/**
 * Returns the text of the program that agents start for each event: `hook <agent> <event> <open|closed>`, with the event on
 * standard input. A POSIX shell runs it, and with a service that answers it starts one process: perl, else curl. It ends as the
 * service says, with those bytes on both outputs, except line ends at the end of standard output. Without an answer it ends with 1
 * and a line on standard error, or with 2 where the wiring is closed; standard output stays empty then, and the cause goes
 * to `hook.log`.
 */
export function hookScript(places: HookPlaces): string {
  const { agentsDir, baseDir, socketDir, socket, node, cli, perl, curl } = places;
  const assigned = Object.entries({
    base: baseDir,
    folder: socketDir,
    sock: socket,
    node,
    cli,
    perl: perl ?? "",
    client: perlClient(PROJECT_HEADER),
    curl: curl ?? "curl",
    script: nodeHookPath(agentsDir),
    log: join(agentsDir, "hook.log"),
    refusal: REFUSAL,
  }).map(([name, value]) => `${name}=${shellQuoted(value)}`);
  return `#!/bin/sh
# Written by 'synaps-ext agents wire', which writes it anew: changes are lost.
# usage: hook <agent> <event> <open|closed>, with the event on standard input
${assigned.join("\n")}
agent=$1 event=$2 mode=$3 limit=${ANSWER_LIMIT_S} most=${START_LIMIT_S} closed= nl='
'
case $event in ${END_EVENTS.join("|")}) limit=${END_LIMIT_S} most=${END_LIMIT_S};; esac
[ "$mode" = closed ] && closed='&closed=1'
[ -x "$curl" ] || curl=curl
# The project of the session, wherever its commands have gone. Codex tells none: its variables may be those of another agent.
case $agent in claude-code) project=$CLAUDE_PROJECT_DIR ;; gemini) project=$GEMINI_PROJECT_DIR ;; *) project= ;; esac
case $project in *"$nl"*) project= ;; esac

# Uploads standard input only once it is connected: after a refused connection it can be asked again.
# Nothing of the user's surroundings may make perl print or load anything.
ask() {
  if [ -x "$perl" ]; then
    answer=$(PERL_BADLANG=0 PERL5OPT='' PERL5LIB='' "$perl" -C0 -e "$client" "$sock" "$limit" "/v1/hooks/$agent?event=$event$closed&form=sh" "$project" 2>&1)
    return
  fi
  answer=$("$curl" -q -sS -g --noproxy '*' --unix-socket "$sock" --max-time "$limit" -X POST -H 'Content-Type: application/json' -H 'Expect:' -H "${PROJECT_HEADER}: $project" -T - -w '\\n%{http_code}' "http://localhost/v1/hooks/$agent?event=$event$closed&form=sh" 2>&1)
}

# Passes a good answer on and ends. Returns with the reason in "why" for anything else.
give() {
  LC_ALL=C # Some shells are slow with long texts otherwise.
  case $answer in *"$nl"200) ;; *)
    why="the service answered with status \${answer##*"$nl"}: \${answer%"$nl"*}"
    return ;;
  esac
  answer=\${answer%????}
  case $answer in *"$nl"*) ;; *) answer=$answer$nl ;; esac
  head=\${answer%%"$nl"*} answer=\${answer#*"$nl"}
  code=\${head%% *} lines=\${head#* }
  why='the service answered something that is no answer'
  case $code in '' | ????* | *[!0-9]*) return ;; esac
  [ "$code" -le 255 ] || return
  case $lines in '' | ?????* | *[!0-9]*) return ;; esac
  while [ "$lines" -gt 0 ]; do
    printf '%s\\n' "\${answer%%"$nl"*}" >&2
    answer=\${answer#*"$nl"} lines=$((lines - 1))
  done
  printf '%s' "$answer"
  exit "$code"
}

if [ -S "$sock" ] && [ -O "$sock" ] && [ -O "$folder" ]; then
  ask
  rc=$?
  [ "$rc" = 0 ] && give
else
  rc=7
fi

# From here on nothing has to be fast.
fail() {
  umask 077
  {
    [ -f "$log" ] && [ "$(wc -c <"$log")" -gt ${LOG_BYTES} ] && mv -f "$log" "$log.1"
    printf '%s %s %s %s: %.500s\\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$agent" "$event" "$mode" "$1" >>"$log"
  } 2>/dev/null
  if [ "$mode" = closed ]; then
    printf '%s\\n' "$refusal" >&2
    exit 2
  fi
  printf 'Synaps: %s %s was not checked: %.500s. See: synaps-ext agents list\\n' "$agent" "$event" "$1" >&2
  exit 1
}

start() {
  if [ ! -x "$node" ]; then node=node; fi
  [ -f "$cli" ] || fail "synaps-ext is not installed any more: there is no $cli"
  said=$log
  { : >>"$said"; } 2>/dev/null || said=/dev/null
  "$node" "$cli" serve --detach --json --base-dir "$base" </dev/null >/dev/null 2>>"$said" &
  starter=$! tenths=0
  while kill -0 "$starter" 2>/dev/null; do
    if [ "$tenths" -ge $((most * 10)) ]; then
      kill "$starter" 2>/dev/null
      fail "the service was not started within $most s"
    fi
    if sleep 0.1 2>/dev/null; then tenths=$((tenths + 1)); else sleep 1 && tenths=$((tenths + 10)); fi
  done
  wait "$starter" || fail 'the service cannot be started'
  limit=$((limit - tenths / 10))
}

owned() {
  if [ -e "$folder" ] && [ ! -O "$folder" ]; then fail "$folder belongs to another user"; fi
  if [ -e "$sock" ] && [ ! -O "$sock" ]; then fail "$sock belongs to another user"; fi
}

# Both clients say 7 where nobody listens. 126 and 127 are the shell's own: there is neither.
owned
if [ "$rc" = 7 ]; then
  start
  owned
  ask
  rc=$?
  [ "$rc" = 0 ] && give
fi
case $rc in
0) fail "$why" ;;
126 | 127)
  [ -x "$node" ] || node=node
  command -v "$node" >/dev/null 2>&1 || fail 'there is neither perl nor curl nor node'
  exec "$node" "$script" "$agent" "$event" "$mode"
  ;;
28) fail "the service gave no answer within $limit s" ;;
18 | 52 | 55 | 56) fail 'the service ended in the middle of the question' ;;
*) fail "\${answer%%"$nl"*}" ;;
esac
`;
}
