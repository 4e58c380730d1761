/**
 * What a person should know of images that were loaded, in lines.
 *
 * @module
 */
import { classCounts, type Split, type SplitName } from "./split.ts";

/** The split with a remark more if it has no image of some class. */
export function withMissingClasses<Name extends SplitName>(split: Split<Name>): Split<Name> {
  const counts = classCounts(split);
  const missing = split.classNames.filter((_, label) => counts[label] === 0);
  if (missing.length === 0) return split;
  const kind = split.split === "train" ? "training" : "test";
  const remark = `${split.dataset} has no ${kind} images of ${listed(missing)}`;
  return { ...split, remarks: [...split.remarks ?? [], remark] };
}

const MOST_NAMES = 10;

/** Names for a sentence: at most ten, and how many more there are. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  const others = names.length - MOST_NAMES;
  return others > 0 ? `${shown} and ${others} more` : shown || "none";
}

/** Counts what a reader of folders passes over, by kind, with an example of each. */
export class PassedOver {
  readonly #path: string;
  readonly #kinds = new Map<string, { count: number; readonly example: string }>();

  /** @param path The folder that everything is in. */
  constructor(path: string) {
    this.#path = path;
  }

  /** How many entries were passed over. A folder counts once. */
  get count(): number {
    return [...this.#kinds.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /**
   * Count one.
   *
   * @param kind What follows the number: `.jpg`, `hidden`.
   * @param name A path within the folder.
   */
  add(kind: string, name: string): void {
    const known = this.#kinds.get(kind);
    if (known) known.count += 1;
    else this.#kinds.set(kind, { count: 1, example: name });
  }

  /** For the end of an error that it may explain: nothing if nothing was passed over. */
  get ending(): string {
    return this.count > 0 ? `; ${this}` : "";
  }

  /** `passed over in pets: 2 .jpg (such as cat/1.jpg), 1 hidden (.DS_Store)`. */
  toString(): string {
    const kinds = [...this.#kinds].map(([kind, { count, example }]) =>
      `${count} ${kind} (${count > 1 ? "such as " : ""}${example})`
    );
    return `passed over in ${this.#path}: ${kinds.join(", ")}`;
  }
}
