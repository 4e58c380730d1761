/**
 * Every defence by its name, and which ones can follow each other. What they are compared by is in
 * Liu et al. (ISS, arXiv 2301.13838) and Qin et al. (APBench, arXiv 2308.03258).
 *
 * @module
 */
import type { Shape } from "../split.ts";
import { adversarial } from "./adversarial.ts";
import { bitDepth } from "./bit_depth.ts";
import { cutmix } from "./cutmix.ts";
import { cutout } from "./cutout.ts";
import type { Defence, Filter } from "./defence.ts";
import { gaussian } from "./gaussian.ts";
import { gray } from "./gray.ts";
import { jpeg } from "./jpeg.ts";
import { median } from "./median.ts";
import { mixup } from "./mixup.ts";
import { standard } from "./standard.ts";

const defenceTable = {
  standard,
  cutout,
  cutmix,
  mixup,
  gaussian,
  median,
  "bit-depth": bitDepth,
  gray,
  jpeg,
  adversarial,
} satisfies Record<string, Defence>;

/** The name of a defence. */
export type DefenceName = keyof typeof defenceTable;

/** Every name. */
export const defenceNames = Object.keys(defenceTable) as readonly DefenceName[];

/** What becomes of the images, in a few words. */
export function describeDefence(name: DefenceName): string {
  return defenceTable[name].summary;
}

/** What is to be defended. */
export interface Defended {
  /** Of the images. */
  readonly shape: Shape;
  /** Whether the images are shifted and flipped anyway. */
  readonly isAugmented: boolean;
}

/** Why a defence would do nothing; `undefined` if it does something. */
export function whyUseless(
  name: DefenceName,
  { shape: [channels], isAugmented }: Defended,
): string | undefined {
  const defence: Defence = defenceTable[name];
  const takes = defence.kind === "filter" ? defence.channels : undefined;
  if (takes && !takes.includes(channels)) {
    return `it is for images of ${takes.join(" or ")} channels, and these have ${channels}`;
  }
  return name === "standard" && isAugmented ? "the images are augmented already" : undefined;
}

/** In this order they act: the first two kinds as they come, at most one mixture, and the attack. */
const RANKS = { filter: 0, random: 0, mixture: 1, attack: 2 } as const;

/**
 * Check names of defences that follow each other.
 *
 * @throws {RangeError} If one is unknown, useless or there twice, or if they cannot follow each other.
 */
export function checkDefences(names: readonly string[], defended: Defended): DefenceName[] {
  let rank = 0;
  return names.map((name, index) => {
    if (!isDefence(name)) {
      throw new RangeError(
        `Cannot defend: expected some of ${defenceNames.join(", ")}, received ${name}`,
      );
    }
    if (names.indexOf(name) < index) throw new RangeError(`Cannot defend: ${name} is there twice`);
    const reason = whyUseless(name, defended);
    if (reason) throw new RangeError(`Cannot defend with ${name}: ${reason}`);
    const own = RANKS[defenceTable[name].kind];
    if (own < rank) {
      throw new RangeError(
        `Cannot defend with ${name} after ${names[index - 1]}: cutmix and mixup come after what ` +
          "changes each image, and adversarial comes last",
      );
    }
    if (own === 1 && rank === 1) {
      throw new RangeError(
        `Cannot defend with ${name} after ${names[index - 1]}: images are mixed once`,
      );
    }
    rank = own;
    return name;
  });
}

function isDefence(name: string): name is DefenceName {
  return Object.hasOwn(defenceTable, name);
}

/** Defences that follow each other, as a training uses them. */
export interface DefencePlan {
  /** The first ones, whose result is the same each time. */
  readonly filters: readonly Filter[];
  /** The others, in their order. */
  readonly others: readonly Defence[];
}

/** @param names As {@linkcode checkDefences} gives them. */
export function planDefences(names: readonly DefenceName[]): DefencePlan {
  const all = names.map((name): Defence => defenceTable[name]);
  const first = all.findIndex(({ kind }) => kind !== "filter");
  const end = first < 0 ? all.length : first;
  return { filters: all.slice(0, end) as Filter[], others: all.slice(end) };
}
