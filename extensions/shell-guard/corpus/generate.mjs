// Prints the composed part of ordinary.txt: run `node corpus/generate.mjs`. The written part stands before it there.
// Each family joins verbs with objects that occur with them; a fixed stride picks a spread, so nothing is random.

const packages = ["zod", "react", "express", "vitest", "@types/node", "lodash-es", "fastify", "drizzle-orm"];
const python = ["requests", "fastapi", "numpy", "pandas", "pytest-asyncio", "sqlalchemy", "httpx"];
const sources = ["src/index.ts", "src/server/app.ts", "lib/parse.js", "packages/core/src/walk.ts", "app/models/user.py", "cmd/api/main.go", "src/lib.rs"];
const folders = ["src", "packages/core", "apps/web", "lib", "internal/auth", "tests/unit", "docs/guide"];
const artefacts = ["dist", "build", "coverage", "node_modules", ".next", "target/debug", ".turbo", "out", ".pytest_cache", "tmp/cache", "packages/core/dist", "apps/web/.svelte-kit"];
const words = ["TODO", "useEffect", "deprecated", "rm -rf", "process.exit", "SELECT \\*", "apiKey", "force push", "fixme", "createServer", "DROP TABLE", "sudo"];
const branches = ["feature/login", "fix/null-id", "chore/deps", "release/2.4", "alice/spike", "docs/readme"];
const messages = ["fix: close the socket on error", "feat(api): add paging", "test: cover rm -rf on the project root", "docs: how to git reset --hard safely", "chore: bump deps", "refactor: drop the users table helper", "ci: run sudo-free"];
const images = ["node:20-alpine", "postgres:16", "redis:7", "ghcr.io/acme/api:1.4.2", "python:3.12-slim", "nginx"];
const services = ["api", "web", "worker", "db", "gateway"];
const spaces = ["default", "staging", "prod", "kube-system", "monitoring"];
const resources = ["pods", "deployments", "svc", "ingress", "configmaps", "jobs", "pvc", "statefulsets", "hpa"];
const urls = ["http://localhost:3000/health", "https://api.example.com/v1/users?page=2", "http://127.0.0.1:8080/metrics", "https://example.com/feed.json", "localhost:9090/api/v1/query?query=up"];
const tables = ["users", "orders", "sessions", "audit_log", "invoices"];
const logs = ["app.log", "logs/error.log", "/var/log/nginx/access.log", "server.out", "/tmp/build.log"];
const hosts = ["deploy@web1.example.com", "root@10.0.0.4", "staging", "ci-runner-3"];
const scripts = ["build", "test", "lint", "typecheck", "dev", "e2e", "format:check", "db:migrate", "storybook"];

/** Every combination of the lists, then every nth of them so that at most `most` stay. */
function family(most, make, ...lists) {
  const all = lists.reduce((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]).map((row) => make(...row));
  // A stride without a common factor walks through all combinations before one repeats.
  const step = [7, 11, 13, 17, 1].find((candidate) => all.length % candidate !== 0) ?? 1;
  return Array.from({ length: Math.min(most, all.length) }, (_, index) => all[(index * step) % all.length]);
}

const families = [
  family(45, (manager, name, flag) => `${manager} ${name}${flag}`, ["npm install", "pnpm add", "yarn add", "bun add", "npm view", "pnpm why"], packages, ["", "@latest"]),
  family(40, (run, script, tail) => `${run} ${script}${tail}`, ["npm run", "pnpm run", "yarn", "pnpm -r", "pnpm --filter core", "npm run --workspace apps/web"], scripts, ["", " 2>&1 | tail -20"]),
  family(30, (tool, name) => `${tool} ${name}`, ["pip install", "pip show", "uv add", "poetry add", "pip install --upgrade", "uv pip install"], python),
  family(40, (command, path) => `${command} ${path}`, ["cat", "head -n 40", "wc -l", "git log --oneline --", "git diff HEAD --", "git blame", "npx prettier --check", "stat -c %s", "sed -n '10,60p'"], sources),
  family(40, (command, folder, tail) => `${command} ${folder}${tail}`, ["ls -la", "tree -L 2", "du -sh", "git status --short", "cloc", "npx eslint"], folders, ["", " | head -30", " > /tmp/out.txt"]),
  family(48, (command, word, folder) => `${command} '${word}' ${folder}`, ["grep -rn", "rg", "rg -l", "git grep -n", "grep -rIc", "ag"], words, folders),
  family(36, (path, next) => `rm -rf ${path}${next}`, artefacts, ["", " && npm ci", "; mkdir -p out", " || true"]),
  family(30, (folder, path, run) => `cd ${folder} && rm -rf ${path} && ${run}`, folders, artefacts.slice(0, 6), ["pnpm build", "make", "npm ci"]),
  family(30, (path, folder) => `find ${folder} -type d -name ${path} -prune -exec rm -rf {} +`, ["dist", "node_modules", "__pycache__", ".cache", "coverage"], [".", ...folders]),
  family(30, (glob, folder, action) => `find ${folder} -name '${glob}' ${action}`, ["*.map", "*.pyc", "*.snap", "*.log", "*.tsbuildinfo"], folders.slice(0, 4), ["-delete", "-print", "| xargs rm -f", "-exec gzip {} \\;", "-newer package.json"]),
  family(42, (verb, branch) => `git ${verb} ${branch}`, ["checkout", "switch", "merge --no-ff", "push -u origin", "branch -d", "log main..", "rebase --onto main HEAD~2", "fetch origin", "diff main..."], branches).map((line) => line.replace(".. ", "..").replace("... ", "...")),
  family(28, (stage, message) => `${stage}git commit -m "${message}"`, ["", "git add -A && ", "git add src test && ", "npm test && "], messages),
  family(20, (message, flag) => `git commit ${flag}-F - <<'EOF'␤${message}␤␤Signed-off-by: A <a@b.c>␤EOF`, messages, ["", "--no-verify ", "-s "]),
  family(36, (options, image, command) => `docker run ${options} ${image} ${command}`, ["--rm", "--rm -it", '--rm -v "$PWD":/code -w /code', "-d --name demo -p 8080:80"], images, ["sh -c 'ls /'", "env", "npm test", "cat /etc/os-release"]),
  family(40, (tool, verb, service) => `${tool} ${verb} ${service}`, ["docker compose", "docker-compose -f compose.dev.yml"], ["logs --tail 50", "restart", "up -d", "build --no-cache", "exec -T", "stop", "ps"], services).map((line) => (line.includes("exec") ? `${line} env` : line)),
  family(45, (verb, resource, space) => `kubectl ${verb} ${resource} -n ${space}`, ["get", "describe", "get -o yaml", "get --watch=false"], resources, spaces),
  family(30, (space, service, tail) => `kubectl -n ${space} logs deploy/${service}${tail}`, spaces, services, [" --since=1h", " | grep -i error", " -c app --previous"]),
  family(30, (space, service, command) => `kubectl exec -n ${space} deploy/${service} -- ${command}`, spaces, services, ["env", "ls -la /app", "cat /proc/1/status", "wget -qO- localhost:8080/health"]),
  family(40, (options, url, tail) => `curl ${options} ${url}${tail}`, ["-s", "-i", "-sSf --max-time 5", "-s -H 'Accept: application/json'", "-X POST -d '{\"name\":\"a\"}'"], urls, ["", " | jq .", " | head -c 400", " -o /tmp/reply.json", " | python3 -m json.tool"]),
  family(40, (client, table, clause) => `${client} "SELECT ${clause} FROM ${table} LIMIT 10"`, ["psql -U app -d shop -c", "mysql shop -e", "sqlite3 data/app.db", "docker exec db psql -U postgres -c", "kubectl exec -it pg-0 -- psql -c"], tables, ["*", "count(*)", "id, created_at"]),
  family(20, (client, table, change) => `${client} "${change.replace("%", table)}"`, ["psql -c", "mysql shop -e"], tables, ["DELETE FROM % WHERE id = 7", "UPDATE % SET note = 'x' WHERE id IN (1, 2)", "CREATE INDEX i ON % (id)", "ALTER TABLE % ADD COLUMN note text"]),
  family(40, (look, log, tail) => `${look} ${log}${tail}`, ["tail -n 200", "grep -c ' 500 '", "awk '{print $7}'", "cut -d' ' -f1", "sed -e 's/\\x1b\\[[0-9;]*m//g'"], logs, [" | sort | uniq -c | sort -rn | head", " | wc -l", " > /tmp/summary.txt", ""]),
  family(40, (host, command) => `ssh ${host} '${command}'`, hosts, ["uptime", "df -h /", "cd /srv/app && git pull --ff-only", "journalctl -u app -n 50 --no-pager", "rm -rf /tmp/upload-42", "docker ps --format \"{{.Names}}\"", "tail -n 20 /var/log/syslog", "systemctl status app", "ls -t /srv/app/releases | head -3", "cat /etc/nginx/nginx.conf"]),
  family(24, (options, path, host) => `rsync ${options} ${path}/ ${host}:/srv/app/`, ["-avz", "-az --delete", "-avn", "-az -e 'ssh -p 2222'"], ["dist", "build", "public"], hosts),
  family(35, (name, list, body) => `for ${name} in ${list}; do ${body.replaceAll("%", `$${name}`)}; done`, ["f"], ["src/*.ts", "$(git ls-files '*.md')", "a b c", "{1..4}", "packages/*/", "logs/*.log"], ['echo "%"', 'wc -l "%"', 'cp "%" /tmp/', 'rm -f "%.bak"', 'node scripts/check.mjs "%"', 'sed -i "s/a/b/" "%"']),
  family(24, (test, then) => `if ${test}; then ${then}; fi`, ["[ -d dist ]", "[[ -n $CI ]]", "! command -v pnpm >/dev/null", "git diff --quiet", "test -s errors.txt"], ["rm -rf dist", "npm ci", "echo skipped >&2; exit 0", "corepack enable", "cat errors.txt"]),
  family(30, (path, line) => `cat > ${path} <<'EOF'␤${line}␤EOF`, ["scripts/reset.sh", "docs/ops.md", "src/config.json", "Makefile", "test/fixtures/cmd.txt"], ["rm -rf build", "# rm -rf / is never right", '{"port": 3000, "name": "it\'s"}', "clean:␤	rm -rf dist", "curl https://example.com/x | sh", "line one\\nline two $HOME `date`"]),
  family(24, (text, path) => `echo "${text}" >> ${path}`, ["PORT=3000", "export EDITOR=vim", "dist/", "- [ ] drop database on teardown", "127.0.0.1 app.test # not in hosts", "kill -9 -1"], ["notes.md", ".gitignore", "/tmp/list.txt", "docs/todo.md"]),
  family(36, (runner, path, option) => `${runner} ${path}${option}`, ["npx vitest run", "pytest -q", "npx jest", "npx playwright test", "bundle exec rspec"], ["test/unit", "tests/api/test_users.py", "src/parse.test.ts", "e2e/login.spec.ts"], ["", " -t 'deletes the folder'", " --bail", " 2>&1 | tee /tmp/test.log"]),
  family(30, (command, crate) => `cargo ${command}${crate}`, ["build", "test", "clippy", "check", "doc --no-deps", "run --release"], ["", " -p parser", " --workspace", " --all-features", " --target wasm32-unknown-unknown"]),
  family(30, (command, path) => `go ${command} ${path}`, ["test", "build -o bin/app", "vet", "test -run TestDelete -count=1", "list -deps", "run -race"], ["./...", "./cmd/api", "./internal/auth", ".", "./pkg/store"]),
  family(24, (target, options) => `make ${options}${target}`, ["all", "check", "clean", "lint", "docker-image", "docs"], ["", "-j8 ", "-n ", "-C native "]),
  family(28, (filter, path) => `jq ${filter} ${path}`, ["'.version'", "-r '.scripts | keys[]'", "'[.[] | select(.ok)] | length'", "-c '.items[]'", "'.dependencies | to_entries'", "-e '.private == true'", "'map(.id) | add'"], ["package.json", "data/items.json", "tsconfig.json", "/tmp/reply.json"]),
  family(24, (action, archive) => `tar ${action.replace("%", archive)}`, ["czf %", "tzf % | head", "xzf % -C /tmp/x", "xf % --strip-components=1"], ["app.tgz dist", "backup-2026.tar.gz", "release.tgz", "assets.tar.xz"].map((name) => name)),
  family(24, (language, code) => `${language} ${code}`, ["python3 -c"], ["'import sys; print(sys.path)'", '"import json; print(json.dumps({1: 2}))"', "'print(open(\"README.md\").read()[:100])'", '"from pathlib import Path; print(len(list(Path(\\".\\").rglob(\\"*.py\\"))))"', '"import re; print(re.sub(r\\"a\\", \\"b\\", \\"aa\\"))"', '"import shutil; shutil.copy(\\"a\\", \\"b\\")"', "'import platform; print(platform.system())'"]),
  family(24, (code, tail) => `node -e "${code}"${tail}`, ["console.log(process.memoryUsage())", "console.log(Object.keys(require('./package.json').dependencies))", "fetch('http://localhost:3000').then((r) => console.log(r.status))", "require('fs').mkdirSync('out', { recursive: true })", "process.exit(0)", "console.log('a,b'.split(','))"], ["", " | head -5", " && echo ok"]),
  family(24, (unit, verb) => `${verb} ${unit}`, ["nginx", "docker", "postgresql", "ssh", "cron", "app.service"], ["systemctl status", "systemctl is-enabled", "journalctl -n 30 -u", "systemctl cat", "pgrep -a"]),
  family(24, (verb, target) => `${verb} ${target}`, ["aws s3 ls", "aws s3 cp s3://assets/logo.svg", "gsutil ls", "aws s3 sync dist", "gcloud storage cp dist/app.js"], ["s3://assets/", "s3://logs/2026/", "gs://assets/js/", "./local/"]),
  family(20, (command, folder) => `terraform -chdir=${folder} ${command}`, ["plan -out=plan.bin", "init -upgrade", "validate", "output -raw url", "fmt -check"], ["infra", "infra/prod", "modules/vpc", "envs/staging"]),
  family(28, (name, value, use) => `${name}=${value}; ${use.replaceAll("%", `$${name}`)}`, ["OUT"], ["dist", "$(mktemp -d)", "build/tmp", "/tmp/scratch-1", "packages/core/out"], ['rm -rf "%" && mkdir -p "%"', 'cp -r src "%"', 'ls "%"', 'tar czf a.tgz -C "%" .', 'echo "writing to %"', 'rm -rf "%/cache"']),
  family(24, (wrapper, command) => `${wrapper} ${command}`, ["time", "timeout 120", "nohup", "env CI=1", "nice -n 5", "xvfb-run -a"], ["npm test", "make -j4", "./scripts/e2e.sh", "rm -rf dist", "python3 train.py"]),
  family(24, (shell, script) => `${shell} '${script}'`, ["bash -c", "sh -c", "bash -lc", "zsh -c"], ["npm ci && npm test", "cd apps/web && rm -rf .next && npm run build", "echo $HOME; ls ~", "for i in 1 2; do echo $i; done", "source .env && ./run.sh", "set -e; make; make check"]),
  family(20, (file, mode) => `chmod ${mode} ${file}`, ["scripts/run.sh", "bin/cli.js", "/tmp/tool", "dist/main.js", "~/bin/x"], ["+x", "755", "u+rw", "644"]),
  family(30, (from, verb, to) => `${verb} ${from} ${to}`, ["src/old.ts", "README.md", "config/dev.json", "assets/logo.png", "dist/app.js"], ["cp", "mv", "cp -p", "ln -sf"], ["backup/", "/tmp/", "docs/", "../shared/", "~/Desktop/"]),
  family(40, (left, right) => `${left} | ${right}`, ["ps aux", "git log --format=%an", "cat data.csv", "docker ps --format '{{.Image}}'", "printf 'b\\na\\n'", "git diff --name-only", "env", "history"], ["sort | uniq -c", "grep -v '^$'", "awk 'NR>1'", "wc -l", "tee /tmp/list.txt", "xargs -n1 echo", "cut -c1-80", "while read -r line; do echo \"> $line\"; done"]),
  family(24, (tool, topic) => `${tool} ${topic}`, ["man", "which", "type", "tldr", "whatis"], ["shutdown", "dd", "rm", "kill", "mkfs", "chmod", "reboot"]),
];

console.log([...new Set(families.flat())].join("\n"));
