/**
 * What the candidates of completed generations reported on the way. What those of the present one
 * report does not count yet, so that it does not matter which of them is first.
 *
 * @module
 */
import type { Evaluated } from "../record/facts.ts";

/** What a candidate reported at a step. */
export interface EarlierReport {
  /** In which it was drawn, from 0. */
  readonly generation: number;
  /** Its number in the generation, from 0. */
  readonly candidate: number;
  /** As it counts in the fitness, to be maximised. */
  readonly value: number;
  /** In the end, to be maximised; `null` if it failed or was pruned. */
  readonly fitness: number | null;
}

/** The history of a run's reports. */
export class ReportHistory {
  readonly #reports = new Map<number, EarlierReport[]>();

  /** At a step, in the order of the generations and candidates. The list is the caller's. */
  at(step: number): EarlierReport[] {
    return this.#reports.get(step)?.slice() ?? [];
  }

  /** A generation is done; its results may come in any order. */
  add(results: readonly Evaluated[]): void {
    const ordered = results.filter(({ reports }) => reports !== undefined).sort((a, b) =>
      a.generation - b.generation || a.candidate - b.candidate
    );
    for (const { generation, candidate, fitness, reports } of ordered) {
      for (const [key, value] of Object.entries(reports!)) {
        const step = Number(key);
        const known = this.#reports.get(step) ?? [];
        known.push(Object.freeze({ generation, candidate, value, fitness }));
        this.#reports.set(step, known);
      }
    }
  }
}
