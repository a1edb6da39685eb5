import { expect, test } from "vitest";
import { holdsSecrets, guardedKind, guardOwner, isAgentScratch, isSecretPath } from "@synaps/guards/paths";

const HOME = "/home/me";
const PLACES = { home: HOME, base: "/srv/synaps", own: "/opt/guard" };
const kind = (path: string) => guardedKind(path.replace(/^~/, HOME), PLACES);

test.each([
  "~/.ssh",
  "~/.ssh/id_rsa",
  "~/.ssh/deploy",
  "~/.SSH/Deploy",
  "~/.ssh/authorized_keys",
  "~/.aws/credentials",
  "~/.kube/config",
  "~/.config/gh/hosts.yml",
  "~/Library/Keychains/login.keychain-db",
  "~/.codex/auth.json",
  "/root/.ssh/id_rsa",
  "/home/you/.aws/credentials",
  "/Users/you/.kube/prod.yaml",
  "/media/disk/.ssh/deploy",
  "/repo/.secrets/token",
  "/etc/shadow",
  "/etc/shadow-",
  "/etc/ssl/private/a.pem",
  "/etc/ssh/ssh_host_rsa_key",
  "/proc/self/environ",
  "/proc/17/task/18/environ",
  "/run/secrets/x",
  "/repo/.env",
  "/repo/.env.production",
  "/repo/.env~",
  "/repo/.envrc",
  "/repo/prod.env",
  "/repo/ca.key",
  "/repo/ca-key.pem",
  "/repo/cert.key",
  "/repo/server.pem",
  "/repo/cassandra.pem",
  "/repo/app.p12",
  "/repo/id_ed25519.bak",
  "/repo/config/secrets.yml",
  "/repo/app-secrets.yaml",
  "/repo/client_secret_12.json",
  "/repo/terraform.tfstate",
  "/usr/src/app/.env",
])("%s holds secrets", (path) => {
  expect(kind(path)).toBe("secret");
});

test.each([
  "~",
  "~/.sshd",
  "~/.ssh/id_rsa.pub",
  "~/.ssh/config",
  "~/.ssh/known_hosts",
  "~/.aws/config",
  "~/.kube/cache/http/x",
  "~/.config/gcloud/configurations/config_default",
  "~/.gnupg/gpg-agent.conf",
  "/home/you/.bash_profile",
  "/etc/passwd",
  "/etc/ssl/certs/a.pem",
  "/usr/share/doc/x/server.key",
  "/usr/lib/python3/dist-packages/x/test.pem",
  "/repo/node_modules/x/.env",
  "/repo/.env.example",
  "/repo/.env.test",
  "/repo/.env.d.ts",
  "/repo/env.ts",
  "/repo/.environment",
  "/repo/ca.pem",
  "/repo/fullchain.pem",
  "/repo/public.key",
  "/repo/test/server.key",
  "/repo/docs/credentials.json",
  "/repo/chart/templates/secrets.yaml",
  "/repo/src/credentials.ts",
  "/repo/monkey",
  "/repo/keys.json",
  "/repo/README.md",
])("%s does not", (path) => {
  expect(kind(path)).toBeUndefined();
});

test.each([
  ["~/.synaps-cli/config", "host"],
  ["/srv/synaps", "host"],
  ["/srv/SYNAPS/plugins/x/main.js", "host"],
  ["/opt/guard/dist/main.js", "host"],
  ["/repo/.synaps/x.json", "project"],
  ["/repo/.synaps-plugin/plugin.json", "project"],
  ["/repo/node_modules/@synaps/cli/main.js", "project"],
  ["~/.claude/settings.json", "agent"],
  ["/repo/.claude/settings.local.json", "agent"],
  ["/repo/.mcp.json", "agent"],
  ["~/.codex/config.toml", "agent"],
  ["~/.codex/rules/default.rules", "agent"],
  ["/repo/.gemini/policies/a.toml", "agent"],
  ["/repo/.cursor/mcp.json", "agent"],
  ["/etc/claude-code/managed-settings.json", "agent"],
  ["/Library/Application Support/ClaudeCode/managed-mcp.json", "agent"],
])("%s decides what the %s does", (path, owner) => {
  expect(guardOwner(path.replace(/^~/, HOME), PLACES)).toBe(owner);
  expect(kind(path)).toBe("guard");
});

test.each([
  "/srv/synaps2/x",
  "/repo/.claude/skills/x/SKILL.md",
  "/repo/.claude/CLAUDE.md",
  "/repo/synaps.json",
  "/repo/.github/workflows/ci.yml",
  "/repo/.vscode/settings.json",
])("%s decides nothing about guards", (path) => {
  expect(kind(path)).toBeUndefined();
});

test("a history of typed commands is read with care, and emptying it loses no secret", () => {
  expect(kind("~/.bash_history")).toBeUndefined();
  expect(isSecretPath(`${HOME}/.bash_history`, HOME)).toBe(true);
});

test("settings that hold tokens are both", () => {
  expect(kind("~/.claude.json")).toBe("guard");
  expect(isSecretPath(`${HOME}/.claude.json`, HOME)).toBe(true);
});

test("folders that secrets lie in, at any depth", () => {
  for (const folder of [
    "/",
    "~",
    "~/.config",
    "~/.aws/",
    "/home",
    "/home/you",
    "/home/you/.config",
    "/etc",
    "/root",
    "/proc/1",
  ])
    expect(holdsSecrets(folder.replace(/^~/, HOME), HOME), folder).toBe(true);
  for (const folder of [
    "~/work",
    "~/.cargo/registry",
    "/usr",
    "/etc/nginx",
    "/tmp",
    "/srv/x",
    "~/.claude/projects",
  ])
    expect(holdsSecrets(folder.replace(/^~/, HOME), HOME), folder).toBe(false);
});

test("agents write plans and memory, and no records of sessions", () => {
  const scratch = (path: string) => isAgentScratch(`${HOME}/${path}`, HOME);
  for (const path of [
    ".claude/plans/a.md",
    ".claude/projects/-w/memory/M.md",
    ".codex/memories/a/b.md",
    ".gemini/tmp/x/y",
  ])
    expect(scratch(path)).toBe(true);
  for (const path of [
    ".claude/plans",
    ".claude/projects/-w/s.jsonl",
    ".claude/settings.json",
    ".codex/config.toml",
    "plans/a",
  ])
    expect(scratch(path)).toBe(false);
  expect(isAgentScratch("/.claude/plans/a.md", null)).toBe(false);
});
