/**
 * The CMA-ES updater: joins the parts of each evaluation, moves the search distribution, and says
 * when the search is over.
 *
 * @module
 */
import { fitnessOf, type FitnessTerm } from "./fitness.ts";
import { joinParts, withoutFitness } from "./join_parts.ts";
import type { Evaluated, Sampled } from "../record/facts.ts";
import type {
  Failed,
  PartDone,
  Progressed,
  Pruned,
  ToRecorder,
  ToSampler,
  ToUpdater,
  Verdict,
} from "./protocol.ts";
import { faultOf } from "./check_result.ts";
import { keyOf } from "../record/facts.ts";
import type { Pruner } from "./pruner.ts";
import type { ActorRef, Behavior, Context, Start } from "../runtime/mod.ts";
import type { Outcome, SearchProgress } from "./search_progress.ts";
import { endedNow, type Stopper, stopReason, TOLD_TO_FINISH } from "./stopper.ts";

/** What an updater starts from. */
export interface UpdaterInit {
  /** Runs in memory, so the fold is handed over as it is. */
  readonly progress: SearchProgress;
  readonly terms: readonly FitnessTerm[];
  /** Default: no candidate is pruned. */
  readonly pruner?: Pruner | undefined;
  readonly sampler: ActorRef<ToSampler>;
  readonly recorder: ActorRef<ToRecorder>;
  readonly stoppers: readonly Stopper[];
}

/** Starts the updater. */
export const start: Start<UpdaterInit, ToUpdater, Verdict> = (init, { clock }) =>
  new Updater(init, clock.now());

type UpdaterContext = Context<ToUpdater, Verdict>;

class Updater implements Behavior<ToUpdater, Verdict> {
  readonly #init: UpdaterInit;
  /** Of open evaluations: the parts that are in. */
  readonly #done = new Map<Sampled, readonly PartDone[]>();
  /** Of evaluations that have failed: the parts that are still to come, and of no use. */
  readonly #late = new Map<string, Set<string>>();
  /** Of open evaluations: what the pruner was told, by step. */
  readonly #reports = new Map<string, Record<number, number>>();

  readonly #startedAt: number;
  #isFinishing = false;

  /** @param startedAt Milliseconds on the clock of the system. */
  constructor(init: UpdaterInit, startedAt: number) {
    this.#init = init;
    this.#startedAt = startedAt;
  }

  receive(message: ToUpdater, context: UpdaterContext): void | Promise<void> {
    switch (message.type) {
      case "Sampled":
        this.#init.progress.sampled(message);
        return context.send(this.#init.recorder, message);
      case "PartDone":
        return this.#accept(message, context);
      case "Failed": {
        const fault = faultOf(message);
        return this.#fail(fault ? { ...message, reason: fault } : message, context);
      }
      case "Progressed":
        return context.reply({ type: "Verdict", goesOn: this.#judge(message, context) });
      case "Pruned":
        return this.#prune(message, context);
      case "Finish":
        this.#isFinishing = true;
        return this.#canFinish ? this.#finish(context) : undefined;
      default:
        return context.unknown(message);
    }
  }

  #accept(done: PartDone, context: UpdaterContext): void | Promise<void> {
    const { progress, terms } = this.#init;
    const { part, generation, candidate, repeat } = done;
    const term = terms.find((term) => term.part === part);
    if (!term) return this.#drop(keyOf(done), part);
    const fault = faultOf(done, term.score);
    if (fault !== undefined) {
      const reason = `Cannot use the ${part} of ${keyOf(done)}: ${fault}`;
      context.log("error", reason);
      return this.#fail(
        { type: "Failed", generation, candidate, repeat, part, attempt: 0, reason },
        context,
      );
    }
    const sampled = progress.find(done);
    const known = sampled && this.#done.get(sampled);
    if (!sampled || known?.some((other) => other.part === part)) {
      return this.#drop(keyOf(done), part);
    }
    const parts = known ? [...known, done] : [done];
    if (parts.length < terms.length) {
      this.#done.set(sampled, parts);
      return;
    }
    if (known) this.#done.delete(sampled);
    return this.#evaluated(joinParts(sampled, progress.generation, terms, parts), context);
  }

  /** Whether a candidate goes on; one that nobody waits for any more does not. */
  #judge(progressed: Progressed, context: UpdaterContext): boolean {
    const { progress, terms, pruner } = this.#init;
    const { generation, candidate, part, step, steps, scores } = progressed;
    const term = terms.find((term) => term.part === part);
    if (!pruner || !term || progressed.repeat > 0) return true;
    const key = keyOf(progressed);
    if (!progress.find(progressed)) return false;
    const fault = faultOf(progressed, term.score);
    if (fault !== undefined) {
      context.log("error", `Cannot use what the ${part} of ${key} reported: ${fault}`);
      return true;
    }
    const value = fitnessOf([term], scores);
    this.#reports.set(key, { ...this.#reports.get(key), [step]: value });
    const history = progress.history.at(step);
    return !pruner({ generation, candidate, step, steps, value, scores }, history);
  }

  #prune(pruned: Pruned, context: UpdaterContext): void | Promise<void> {
    const { generation, candidate, repeat, part, step, steps, timing } = pruned;
    const fault = faultOf(pruned);
    if (fault !== undefined) {
      const reason = `Cannot use the end of the ${part} of ${keyOf(pruned)}: ${fault}`;
      context.log("error", reason);
      return this.#fail(
        { type: "Failed", generation, candidate, repeat, part, attempt: 0, reason },
        context,
      );
    }
    const ended = this.#endEarly(pruned);
    if (!ended) return;
    const timings = Object.fromEntries(
      this.#init.terms.flatMap((term) => {
        const own = term.part === part
          ? timing
          : ended.known.find((done) => done.part === term.part)?.timing;
        return own ? [[term.part, own]] : [];
      }),
    );
    const reason = `the pruner ended the ${part} after step ${step}` +
      (steps ? ` of ${steps}` : "");
    const version = this.#init.progress.generation;
    const event = withoutFitness(ended.sampled, version, "pruned", reason, timings);
    return this.#evaluated(event, context);
  }

  #fail(failed: Failed, context: UpdaterContext): void | Promise<void> {
    const ended = this.#endEarly(failed);
    if (!ended) return;
    const version = this.#init.progress.generation;
    return this.#evaluated(
      withoutFitness(ended.sampled, version, "failed", failed.reason),
      context,
    );
  }

  /** The parts that an evaluation has when another one ends it; nothing if nobody waits for it. */
  #endEarly(
    failed: Failed | Pruned,
  ): { sampled: Sampled; known: readonly PartDone[] } | undefined {
    const key = keyOf(failed);
    const sampled = this.#init.progress.find(failed);
    if (!sampled) {
      this.#drop(key, failed.part);
      return undefined;
    }
    const known = this.#done.get(sampled) ?? [];
    const late = this.#init.terms
      .map(({ part }) => part)
      .filter((part) => part !== failed.part && !known.some((done) => done.part === part));
    if (late.length > 0) this.#late.set(key, new Set(late));
    this.#done.delete(sampled);
    return { sampled, known };
  }

  /** A part that nobody waits for came a second time, unless it is late. */
  #drop(key: string, part: string): void {
    const late = this.#late.get(key);
    if (!late?.delete(part)) this.#init.progress.countDuplicate();
    if (late?.size === 0) this.#late.delete(key);
  }

  #withReports(result: Evaluated): Evaluated {
    const key = keyOf(result);
    const reports = this.#reports.get(key);
    this.#reports.delete(key);
    return reports ? { ...result, reports } : result;
  }

  #evaluated(result: Evaluated, context: UpdaterContext): Promise<void> {
    const event = this.#reports.size > 0 ? this.#withReports(result) : result;
    const outcome = this.#init.progress.evaluated(event);
    const sent = context.send(this.#init.recorder, event);
    const { generation, finalists, winner } = outcome;
    const isAll = !generation && !finalists && winner === undefined && !this.#canFinish;
    return isAll ? sent : sent.then(() => this.#conclude(outcome, context));
  }

  /** Tells what an evaluation has brought about besides its result. */
  async #conclude(outcome: Outcome, context: UpdaterContext): Promise<void> {
    const { progress, recorder } = this.#init;
    if (outcome.generation) await context.send(recorder, outcome.generation);
    const reason = this.#reasonToEnd(outcome, context);
    await this.#follow(
      reason === undefined || progress.searched
        ? outcome
        : { ...outcome, ...await this.#end(reason, context) },
      context,
    );
  }

  /** Stoppers see every generation. */
  #reasonToEnd({ generation }: Outcome, context: UpdaterContext): string | undefined {
    const { stoppers, progress } = this.#init;
    const reason = generation && stoppers.length > 0
      ? stopReason(stoppers, generation, {
        elapsedSeconds: (context.clock.now() - this.#startedAt) / 1000,
        converged: progress.converged,
      })
      : undefined;
    return reason ?? (this.#canFinish ? TOLD_TO_FINISH : undefined);
  }

  /** Whether the search is to end as soon as it can, and can. */
  get #canFinish(): boolean {
    const { progress } = this.#init;
    return this.#isFinishing && !progress.searched && progress.best !== null;
  }

  async #end(reason: string, context: UpdaterContext): Promise<Outcome> {
    const { progress, recorder } = this.#init;
    const ended = endedNow(progress, reason);
    const outcome = progress.end();
    await context.send(recorder, ended);
    return outcome;
  }

  async #finish(context: UpdaterContext): Promise<void> {
    await this.#follow(await this.#end(TOLD_TO_FINISH, context), context);
  }

  /** Does what follows from a step of the search. */
  async #follow(outcome: Outcome, context: UpdaterContext): Promise<void> {
    const { progress, recorder, sampler } = this.#init;
    if (outcome.finalists) {
      for (const finalist of outcome.finalists) {
        progress.sampled(finalist);
        await context.send(recorder, finalist);
      }
      await context.send(sampler, { type: "Finalists", evaluations: outcome.finalists });
    } else if (outcome.generation) {
      await context.send(sampler, progress.distribution);
    }
    if (outcome.winner !== undefined) {
      await context.send(recorder, { type: "SearchDone", winner: outcome.winner });
    }
  }
}
