import type { Script } from "./model.js";

/** What the models say: they follow this script, whoever asks. Tools, files, failures and measurements are real. */
export const SCRIPT: Script = {
  "What do the notes say?": [
    ["I look for them.", { name: "list_files", input: {} }],
    ["I read them.", { name: "read_file", input: { path: "notes.md" } }],
    ["They ask for a summary."],
  ],
  "Write a summary.": [
    ["I write it.", { name: "write_file", input: { path: "summary.md", content: "All is well.\n" } }],
    ["It is in summary.md."],
  ],
  "Read what is not there.": [
    ["I read it.", { name: "read_file", input: { path: "missing.md" } }],
    ["There is no such file."],
  ],
  "Read the passwords.": [
    ["I try.", { name: "read_file", input: { path: "../../etc/passwd" } }],
    ["I may not."],
  ],
  "Run something wrong.": [
    ["I run it.", { name: "shell", input: { command: "echo hello; exit 3" } }, { name: "shell", input: {} }],
    ["It failed, and once I forgot the command."],
  ],
  "Take your time.": [["I wait.", { name: "shell", input: { command: "sleep 0.3" } }], ["Done."]],
  "Quick: what is two and two?": [["Four."]],
  "Which day is it?": [["I cannot know."]],
  "Describe the notes": [["They are short."]],
  "describe the summary": [["It is shorter."]],
  "Draft a text.": [["A draft."]],
  "Say more.": [["More and more and more."]],
};
