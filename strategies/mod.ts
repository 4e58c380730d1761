/**
 * Strategies: what a search learns with.
 *
 * @module
 */
import { cmaEs } from "./cma_es.ts";
import { classWise } from "./class_wise.ts";
import { random } from "./random.ts";
import type { Draw, Strategy } from "./strategy.ts";

export type { Draw, Shown, Start, Strategy, Told } from "./strategy.ts";

/** The strategies that have a name. */
const strategies = { "cma-es": cmaEs, "class-wise": classWise, random } as const;

/** Their names. */
export const strategyNames = Object.keys(strategies) as readonly (keyof typeof strategies)[];

/** A strategy whose states and draws are its own affair. */
export type AnyStrategy = Strategy<unknown, Draw>;

/** The strategy of a name; `undefined` if there is none. */
export function strategyByName(name: string): AnyStrategy | undefined {
  return Object.hasOwn(strategies, name) ? strategies[name as keyof typeof strategies] : undefined;
}
