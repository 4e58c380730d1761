import type { Rates, TrainingCase } from "./training_contestants.ts";

const cases: readonly TrainingCase[] = [
  { network: "graynet", work: "train", batchSize: 32, batches: 40 },
  { network: "graynet", work: "train", batchSize: 128, batches: 10 },
  { network: "graynet", work: "evaluate", batchSize: 128, batches: 20 },
  { network: "colornet", work: "train", batchSize: 32, batches: 4 },
  { network: "colornet", work: "train", batchSize: 128, batches: 1 },
  { network: "colornet", work: "evaluate", batchSize: 128, batches: 2 },
  { network: "resnet20", work: "train", batchSize: 32, batches: 3 },
  { network: "resnet20", work: "evaluate", batchSize: 128, batches: 2 },
  { network: "densenet40", work: "train", batchSize: 32, batches: 1 },
  { network: "densenet40", work: "evaluate", batchSize: 128, batches: 1 },
];
/** Rounds of each contestant, in turns. */
export const rounds = 7;

/** A case's name on the command line. */
export function caseName({ network, work, batchSize }: TrainingCase): string {
  return `${network}-${work}-${batchSize}`;
}

/** The cases that were asked for, all where none was; ends the program if there is no such case. */
export function chosenCases(names: readonly string[]): readonly TrainingCase[] {
  const unknown = names.filter((name) => !cases.some((one) => caseName(one) === name));
  if (unknown.length > 0) {
    console.error(
      `Cannot bench ${unknown.join(", ")}: the cases are ${cases.map(caseName).join(", ")}`,
    );
    Deno.exit(2);
  }
  return cases.filter((one) => names.length === 0 || names.includes(caseName(one)));
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** The median rate of rounds. */
export function rate(rates: readonly Rates[], clock: keyof Rates): string {
  return median(rates.map((one) => one[clock])).toFixed(0);
}
