/**
 * The report of one or more runs.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import { paragraph } from "../../report/page/blocks.ts";
import { commandsSection } from "./commands_section.ts";
import { configurationSection } from "./configuration_section.ts";
import { failuresSection } from "./failures_section.ts";
import { finalistsSection } from "./finalists_section.ts";
import type { ReportPageOptions, Section } from "../../report/page/page.ts";
import { positionsSection } from "./positions_section.ts";
import { progressSection } from "./progress_section.ts";
import { readReportedRun, type ReportedRun } from "./reported_run.ts";
import { simulationSection } from "./simulation_section.ts";
import { slotsSection } from "./slots_section.ts";
import { testsSection } from "./tests_section.ts";
import { winnerSection } from "./winner_section.ts";
import { workSection } from "./work_section.ts";

/** What there is to say of runs, in order; `undefined` of a section that means nothing for them. */
export const SECTIONS: readonly ((runs: readonly ReportedRun[]) => Section | undefined)[] = [
  configurationSection,
  winnerSection,
  testsSection,
  progressSection,
  positionsSection,
  finalistsSection,
  workSection,
  slotsSection,
  simulationSection,
  failuresSection,
  commandsSection,
];

/**
 * Read runs and put together what there is to say about them.
 *
 * @param directories At least one.
 * @throws {ConfigurationError} If one is not a run, is damaged, or is of another kind than the first.
 */
export async function runReport(directories: readonly string[]): Promise<ReportPageOptions> {
  const folders = directories.map((directory) => directory.replace(/(?<=.)\/+$/, ""));
  const twice = folders.find((folder, index) => folders.indexOf(folder) !== index);
  if (twice !== undefined) {
    throw new ConfigurationError(`Cannot compare ${twice} with itself: it was given twice`);
  }
  const names = namesOf(folders);
  const runs: ReportedRun[] = [];
  for (const [index, folder] of folders.entries()) {
    runs.push(await readReportedRun(folder, names[index]!));
  }
  requireOneKind(runs);
  const [first] = runs;
  const what = {
    search: "a search for the most harmful disturbance",
    minimize: "a search",
    simulation: "a simulated search",
  }[first!.kind];
  return {
    title: runs.length === 1 ? `Report of ${first!.name}` : `Report of ${runs.length} runs`,
    introduction: [
      paragraph(
        runs.length === 1
          ? `What ${what} did and found, from the files in its folder.`
          : `What ${runs.length} runs of ${what} did and found, side by side.`,
      ),
    ],
    sections: SECTIONS.map((sectionOf) => sectionOf(runs)).filter((section) =>
      section !== undefined
    ),
  };
}

/** @throws {ConfigurationError} If a run is of another kind than the first. */
export function requireOneKind(runs: readonly ReportedRun[]): void {
  const [first] = runs;
  const other = runs.find(({ kind }) => kind !== first!.kind);
  if (!other) return;
  throw new ConfigurationError(
    `Cannot compare ${other.directory}, a run of ${other.kind}, with ${first!.directory}, a run ` +
      `of ${first!.kind}`,
  );
}

/** The last parts of the paths, without what they all begin with; the paths where that is not enough. */
export function namesOf(folders: readonly string[]): readonly string[] {
  const names = folders.map((folder) => folder.replace(/.*\//s, ""));
  if (new Set(names).size < names.length) return folders;
  const [first] = names;
  const shared = names.length === 1
    ? undefined
    : first!.match(/[^-]*-/g)?.map((_, index, parts) => parts.slice(0, index + 1).join(""))
      .findLast((start) => names.every((name) => name.startsWith(start) && name !== start));
  return names.map((name) => name.slice(shared?.length ?? 0));
}
