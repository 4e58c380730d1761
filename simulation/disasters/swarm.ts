/**
 * Many random plans, on all cores.
 *
 * @module
 */
import { RunStopped } from "../../actors/population/run.ts";
import { createActorSystem } from "../../actors/runtime/mod.ts";
import { ConfigurationError } from "../../options.ts";
import type { PlanChanges } from "./plan.ts";
import type { RefusedPlan, Rehearse, RehearsedPlan } from "./rehearser.ts";

/** No plan takes as long, in milliseconds. */
const LONGEST_MS = 600_000;

/** What {@linkcode runSwarm} needs. */
export interface SwarmOptions {
  /** The number of the first plan; the others follow. */
  readonly first: number;
  /** How many there are. */
  readonly plans: number;
  /** What of each is not as it is drawn. */
  readonly changes: PlanChanges;
  /** Default: one for each core. */
  readonly workers?: number;
  readonly onPlan: (plan: RehearsedPlan) => void;
  readonly signal: AbortSignal;
}

/**
 * Rehearse plans until one breaks an invariant.
 *
 * @returns The number of the first plan that does; `undefined` if none does.
 * @throws {ConfigurationError} If the changes do not fit a plan.
 * @throws {RunStopped} If the signal was aborted.
 * @throws {RequestError} If a plan could not be rehearsed.
 */
export async function runSwarm(
  { first, plans, changes, workers = navigator.hardwareConcurrency, onPlan, signal }: SwarmOptions,
): Promise<number | undefined> {
  await using system = createActorSystem({ signal });
  let next = first;
  const broken: number[] = [];
  /** Takes plan after plan, in order, as long as all hold. */
  async function work(id: string): Promise<void> {
    const supervisor = await system.supervise({
      name: id,
      children: [{
        id: "rehearser",
        start: new URL("./rehearser.ts", import.meta.url),
        placement: { kind: "worker" },
      }],
    });
    const rehearser = supervisor.ref<Rehearse, RehearsedPlan | RefusedPlan>("rehearser");
    while (next < first + plans && broken.length === 0 && !signal.aborted) {
      const request: Rehearse = { type: "Rehearse", number: next++, changes };
      const plan = await system.request(rehearser, request, { timeoutMs: LONGEST_MS });
      if (plan.type === "RefusedPlan") {
        throw new ConfigurationError(`Cannot rehearse plan ${plan.number}: ${plan.reason}`);
      }
      if (plan.breach) broken.push(plan.number);
      onPlan(plan);
    }
  }
  try {
    const count = Math.min(workers, plans);
    await Promise.all(Array.from({ length: count }, (_, index) => work(`swarm-${index}`)));
  } catch (error) {
    if (signal.aborted) throw new RunStopped("The swarm was stopped");
    throw error;
  }
  if (signal.aborted) throw new RunStopped("The swarm was stopped");
  return broken.length === 0 ? undefined : Math.min(...broken);
}
