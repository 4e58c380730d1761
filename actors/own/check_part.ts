/**
 * Finds out whether a part of an evaluation can be done with a module of the user's, by starting its
 * actor elsewhere: what the module does when it is loaded is not done on this thread.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import type { PartSpec } from "../population/fitness.ts";
import { RunStopped } from "../population/run.ts";
import {
  actorRef,
  createActorSystem,
  describeExit,
  EscalationError,
  type Placement,
} from "../runtime/mod.ts";
import type { SlotInit } from "../population/slot.ts";

/**
 * @param userModule URL of the user's module, for the message.
 * @param placement Where the part will be done. Default: on a thread of its own.
 * @throws {ConfigurationError} If it cannot be loaded, or does not export what it should.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function checkPart(
  { part, module, init }: PartSpec,
  userModule: string,
  signal: AbortSignal | undefined,
  placement: Placement = { kind: "worker" },
): Promise<void> {
  if (signal?.aborted) throw new RunStopped("The search was stopped");
  await using system = createActorSystem(signal && { signal });
  const probe: SlotInit = {
    ...init,
    part,
    slot: "probe",
    device: "cpu",
    sampler: actorRef("nobody"),
    updater: actorRef("nobody"),
  };
  try {
    await system.supervise({
      name: "probe",
      intensity: { maxRestarts: 0, withinMs: 1 },
      children: [{ id: part, start: module, placement, init: probe }],
    });
  } catch (error) {
    if (signal?.aborted) throw new RunStopped("The search was stopped");
    if (!(error instanceof EscalationError)) throw error;
    const { reason } = error;
    const why = reason.kind === "failed" ? reason.error.message : describeExit(reason);
    const [line] = why.split("\n");
    throw new ConfigurationError(
      line!.startsWith("Cannot use") ? line! : `Cannot use ${userModule}: ${line}`,
      { cause: error },
    );
  }
}
