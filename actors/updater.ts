/**
 * The CMA-ES updater: joins the parts of each evaluation, moves the search distribution, and says
 * when the search is over.
 *
 * @module
 */
import type {
  DivergenceScores,
  Evaluated,
  Failed,
  Measured,
  Part,
  Sampled,
  Scored,
  ToRecorder,
  ToSampler,
  ToUpdater,
  Trained,
  TrainScores,
} from "./protocol.ts";
import { faultOf } from "./check_result.ts";
import { keyOf } from "./protocol.ts";
import type { ActorRef, Behavior, Context, Start } from "./runtime/mod.ts";
import type { SearchProgress } from "./search_progress.ts";

/** What an updater starts from. */
export interface UpdaterInit {
  /** Runs in memory, so the fold is handed over as it is. */
  readonly progress: SearchProgress;
  readonly parts: readonly Part[];
  readonly weights: { readonly mismatch: number; readonly divergence: number };
  readonly sampler: ActorRef<ToSampler>;
  readonly recorder: ActorRef<ToRecorder>;
}

type PartResult = Trained | Scored | Measured;

/** Starts the updater. */
export const start: Start<UpdaterInit, ToUpdater> = (init) => new Updater(init);

class Updater implements Behavior<ToUpdater> {
  readonly #init: UpdaterInit;
  readonly #parts = new Map<string, Partial<Record<Part, PartResult>>>();
  /** Of evaluations that have failed: the parts that are still to come, and of no use. */
  readonly #late = new Map<string, Set<Part>>();

  constructor(init: UpdaterInit) {
    this.#init = init;
  }

  async receive(message: ToUpdater, context: Context<ToUpdater>): Promise<void> {
    switch (message.type) {
      case "Sampled":
        this.#init.progress.sampled(message);
        return await context.send(this.#init.recorder, message);
      case "Trained":
        return await this.#accept("train", message, context);
      case "Scored":
        return await this.#accept("score", message, context);
      case "Measured":
        return await this.#accept("measure", message, context);
      case "Failed": {
        const fault = faultOf(message);
        return await this.#fail(fault ? { ...message, reason: fault } : message, context);
      }
      default:
        return context.unknown(message);
    }
  }

  async #accept(part: Part, result: PartResult, context: Context<ToUpdater>): Promise<void> {
    if (!this.#init.parts.includes(part)) return this.#drop(keyOf(result), part);
    const fault = faultOf(result);
    if (fault !== undefined) {
      const { generation, candidate, repeat } = result;
      const reason = `Cannot use the ${result.type} of ${keyOf(result)}: ${fault}`;
      context.log("error", reason);
      const key = { generation, candidate, repeat };
      return await this.#fail({ type: "Failed", ...key, part, attempt: 0, reason }, context);
    }
    const key = keyOf(result);
    const known = this.#parts.get(key) ?? {};
    const sampled = this.#init.progress.find(result);
    if (!sampled || known[part]) return this.#drop(key, part);
    const joined = { ...known, [part]: result };
    if (this.#init.parts.some((each) => !joined[each])) {
      this.#parts.set(key, joined);
      return;
    }
    this.#parts.delete(key);
    await this.#evaluated(this.#join(sampled, joined), context);
  }

  #join(sampled: Sampled, parts: Partial<Record<Part, PartResult>>): Evaluated {
    const trained = parts.train as Trained | undefined;
    const scored = parts.score as Scored | undefined;
    const measured = parts.measure as Measured | undefined;
    const { mismatch, divergence } = this.#init.weights;
    const fitness = measured
      ? -measured.fitness
      : (trained ? mismatch * trained.mismatch : 0) + (scored ? divergence * scored.divergence : 0);
    return {
      ...this.#evaluationOf(sampled),
      status: Number.isFinite(fitness) ? "ok" : "failed",
      fitness: Number.isFinite(fitness) ? fitness : null,
      training: trained ? trainScores(trained) : null,
      scoring: scored ? divergenceScores(scored) : null,
      trainTiming: (trained ?? measured)?.timing ?? null,
      scoreTiming: scored?.timing ?? null,
      reason: Number.isFinite(fitness) ? null : `the fitness is ${fitness}`,
    };
  }

  async #fail(failed: Failed, context: Context<ToUpdater>): Promise<void> {
    const key = keyOf(failed);
    const sampled = this.#init.progress.find(failed);
    if (!sampled) return this.#drop(key, failed.part);
    const known = this.#parts.get(key) ?? {};
    const late = this.#init.parts.filter((part) => part !== failed.part && !known[part]);
    if (late.length > 0) this.#late.set(key, new Set(late));
    this.#parts.delete(key);
    await this.#evaluated({
      ...this.#evaluationOf(sampled),
      status: "failed",
      fitness: null,
      training: null,
      scoring: null,
      trainTiming: null,
      scoreTiming: null,
      reason: failed.reason,
    }, context);
  }

  /** A part that nobody waits for came a second time, unless it is late. */
  #drop(key: string, part: Part): void {
    const late = this.#late.get(key);
    if (!late?.delete(part)) this.#init.progress.countDuplicate();
    if (late?.size === 0) this.#late.delete(key);
  }

  #evaluationOf({ generation, candidate, repeat, seed, draw }: Sampled) {
    const age = this.#init.progress.state.version - draw.version;
    const distribution = draw.version;
    return { type: "Evaluated", generation, candidate, repeat, seed, distribution, age } as const;
  }

  async #evaluated(event: Evaluated, context: Context<ToUpdater>): Promise<void> {
    const { progress, recorder, sampler } = this.#init;
    const outcome = progress.evaluated(event);
    await context.send(recorder, event);
    if (outcome.generation) await context.send(recorder, outcome.generation);
    if (outcome.finalists) {
      for (const finalist of outcome.finalists) {
        progress.sampled(finalist);
        await context.send(recorder, finalist);
      }
      await context.send(sampler, { type: "Finalists", evaluations: outcome.finalists });
    } else if (outcome.generation) {
      await context.send(sampler, { type: "Distribution", state: progress.state });
    }
    if (outcome.winner !== undefined) {
      await context.send(recorder, { type: "SearchDone", winner: outcome.winner });
    }
  }
}

function trainScores(
  { mismatch, trainLoss, perturbedAccuracy, cleanAccuracy }: Trained,
): TrainScores {
  return { mismatch, trainLoss, perturbedAccuracy, cleanAccuracy };
}

function divergenceScores({ discriminatorError, divergence }: Scored): DivergenceScores {
  return { discriminatorError, divergence };
}
