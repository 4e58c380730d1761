/**
 * The commands of this project. Each is a file of `experiments/`, a task of `deno.json`, which says what
 * it does and may do, and an export, so that it can be run without a checkout.
 *
 * @module
 */

/** Every command, in the groups in which `mddes --help` lists them. */
export const COMMANDS = {
  "Search": ["demo", "search", "resume", "finish", "worker", "replay"],
  "Watch": ["dashboard", "watch", "cluster"],
  "Test and look at what was found": ["evaluate", "transfer", "defences", "report", "export"],
  "The paper's table and figures": ["table1", "figure2", "figure3", "figure4"],
  "Beyond the paper": ["budget"],
  "Without training": ["simulate"],
  "This machine": ["devices", "datasets"],
} as const;

/** The name of a command. */
export type CommandName = (typeof COMMANDS)[keyof typeof COMMANDS][number];

/** The names of all commands. */
export const commandNames: readonly CommandName[] = Object.values(COMMANDS).flat();
