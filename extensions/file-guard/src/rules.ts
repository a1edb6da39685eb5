/** What a rule does where the configuration leaves it alone. */
export type Severity = "block" | "confirm";

/** One entry of the rule table. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** What it is about, for the rule table. */
  readonly about: string;
  /** What to do instead, for the model. */
  readonly remedy: string;
}

const RULE = {
  "guard-files": {
    severity: "block",
    about: "change of the host's own files: its base folder, its configuration and its extensions",
    remedy: "Leave the guards as they are, and tell the user what they stop you from doing.",
  },
  "delete-tree": {
    severity: "block",
    about: "delete or move of `/`, a system folder, a home folder, or the project itself",
    remedy: "Name the one file or folder inside the project that should go.",
  },
  "git-internals": {
    severity: "block",
    about: "change of what is in `.git`: hooks and configuration that run later, objects, refs",
    remedy: "Use git's own commands.",
  },
  "system-files": {
    severity: "block",
    about: "change of a file that the machine or its logins depend on, or of a disk",
    remedy: "Write a copy into the project and let the user install it.",
  },
  "agent-settings": {
    severity: "confirm",
    about: "change of what decides about hooks, tools and servers of an agent, or of extensions in a project",
    remedy: "Tell the user what should stand in the file, and let the user decide.",
  },
  "secret-read": {
    severity: "confirm",
    about: "read of a file that holds secrets, or a search through a folder of them",
    remedy:
      "Work without the values: ask the user for the names that you need, or read a sample such as .env.example.",
  },
  "secret-write": {
    severity: "confirm",
    about: "change or delete of a file that holds secrets",
    remedy: "Tell the user which line to change, or write a sample without values.",
  },
  "search-wide": {
    severity: "confirm",
    about: "search through the text of `/`, a home folder or a folder of the system that holds secrets",
    remedy: "Search in the project, or in the one folder that you mean.",
  },
  "system-write": {
    severity: "confirm",
    about: "change of another file of the system",
    remedy: "Keep the change inside the project.",
  },
  "write-outside": {
    severity: "confirm",
    about: "change of anything else outside of the project and of temporary folders",
    remedy: "Keep the change inside the project, or use a temporary folder.",
  },
  "unclear-path": {
    severity: "confirm",
    about: "a call whose paths cannot be told: wrong type, too many, too long, links in a circle",
    remedy: "Name the paths plainly, and fewer at a time.",
  },
} as const satisfies Record<string, Omit<Rule, "id">>;

export type RuleId = keyof typeof RULE;

/** Every rule. The first ones are the worst: their finding is shown first. */
export const RULES: readonly (Rule & { readonly id: RuleId })[] = Object.entries(RULE).map(([id, rule]) => ({
  id: id as RuleId,
  ...rule,
}));

export const ruleById = (id: string): Rule | undefined => RULES.find((rule) => rule.id === id);
