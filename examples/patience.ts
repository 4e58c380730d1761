/**
 * A stopper of your own: ends a search that found nothing better in ten generations.
 *
 *     deno task search --stop examples/patience.ts --generations 200
 *
 * @module
 */
import type { Stopper } from "../mod.ts";

const PATIENCE = 10;

/** Made anew for each run. It sees every generation once, also those before a resume. */
export function stopper(): Stopper {
  let best = -Infinity;
  let since = 0;
  return ({ generation, bestSoFar }) => {
    if (bestSoFar !== null && bestSoFar > best) [best, since] = [bestSoFar, generation];
    return generation - since >= PATIENCE ? `nothing better in ${PATIENCE} generations` : undefined;
  };
}
