/**
 * Where an actor tests networks: the images, and an engine on its device. Actors with a bench are the
 * only ones that open the test split; none of them is part of a search.
 *
 * @module
 */
import {
  checkHalves,
  loadTest,
  loadTrain,
  type SameImages,
  type Split,
} from "../../datasets/mod.ts";
import { type Engine, loadNetwork, type Network } from "../../models/mod.ts";
import type { EngineWish } from "../../training/engine_on.ts";
import type { Training } from "./evaluator.ts";
import { engineOn } from "../../training/engine_on.ts";

/** What such an actor starts from. */
export interface BenchInit extends EngineWish {
  readonly device: string;
  /** The training images, or which ones to load. */
  readonly train: Split<"train"> | SameImages;
  /** The test images, or which ones to load. */
  readonly test: Split<"test"> | SameImages;
  /** Networks by their names, or by the URLs of their files; all that are in files. */
  readonly networks: ReadonlyMap<string, Network>;
}

/** Holds the images, and the engine of the last network: the next one mostly needs the same. */
export class Bench {
  readonly train: Split<"train">;
  readonly test: Split<"test">;
  readonly #init: BenchInit;
  #held: { readonly key: string; readonly engine: Engine } | undefined;

  private constructor(init: BenchInit, train: Split<"train">, test: Split<"test">) {
    this.#init = init;
    this.train = train;
    this.test = test;
  }

  /**
   * Load the images, if they are not there yet.
   *
   * @throws {RangeError} If the halves do not fit each other.
   */
  static async open(init: BenchInit): Promise<Bench> {
    const train = "sha256" in init.train
      ? await loadTrain(init.train.dataset, init.train)
      : init.train;
    const test = "sha256" in init.test ? await loadTest(init.test.dataset, init.test) : init.test;
    checkHalves(train, test);
    return new Bench(init, train, test);
  }

  /** An engine for networks that are trained like this. */
  async engineFor(
    { network: name, optimizer, batchSize }: Pick<Training, "network" | "optimizer" | "batchSize">,
  ): Promise<{ readonly network: Network; readonly engine: Engine }> {
    const network = this.#init.networks.get(name) ??
      await loadNetwork(name, this.train.shape, this.train.classNames.length);
    const key = JSON.stringify([network, optimizer, batchSize]);
    if (this.#held?.key === key) return { network, engine: this.#held.engine };
    await this.clear();
    const engine = await engineOn(this.#init, { network, optimizer, batchSize });
    this.#held = { key, engine };
    return { network, engine };
  }

  /** Let go of the engine. */
  async clear(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    await held?.engine[Symbol.asyncDispose]();
  }
}
