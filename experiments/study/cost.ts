/**
 * What work costs in multiply-adds, so that the progress of searches and trainings of several
 * networks is one number. A training step counts as three passes forward.
 *
 * @module
 */
import type { SearchConfiguration } from "../../actors/configuration.ts";
import type { EvaluationJob } from "../../actors/testing/evaluation.ts";
import { genomeLength } from "../../datasets/mod.ts";
import { type DefenceName, planDefences } from "../../datasets/defences/defences.ts";
import { defaultPopulationSize } from "../../evolution/mod.ts";
import { elements, type Network, networkByName, placeLayers } from "../../models/mod.ts";
import type { Data } from "./data.ts";

const STEP = 3;
/** Slopes by the pixels, without those by the weights. */
const SLOPES = 2;

/** Of one image forward. */
export function multiplyAdds(network: Network): number {
  return placeLayers(network).flatMap(({ parameters, outputShape }) => {
    const [, height = 1, width = 1] = outputShape;
    return parameters
      .filter(({ fanIn }) => fanIn > 0)
      .map(({ shape }) => elements(shape) * height * width);
  }).reduce((sum, count) => sum + count, 0);
}

/** To train and test a network. */
export function networkCost(
  { training, subset, everyEpoch }: Pick<EvaluationJob, "training" | "subset" | "everyEpoch">,
  network: Network,
  { train, test }: Data,
): number {
  const images = subset?.size ?? train.count;
  const tests = everyEpoch ? training.epochs : 1;
  const step = stepCost(training.defences);
  return multiplyAdds(network) * (step * training.epochs * images + images + tests * test.count);
}

/** Of a training step on one image, in passes forward. */
function stepCost(defences: readonly string[] = []): number {
  const { others } = planDefences(defences as readonly DefenceName[]);
  return others.reduce(
    (sum, defence) => sum + (defence.kind === "attack" ? SLOPES * defence.steps : 0),
    STEP,
  );
}

/** To search: for one candidate, and for all of them with the repeats of the finalists. */
export function searchCost(
  options: SearchConfiguration,
  data: Data,
): { readonly candidate: number; readonly total: number } {
  const { train: { classNames, shape } } = data;
  const { pixels, population, generations, finalists, finalistRepeats } = options;
  const length = genomeLength({ classes: classNames.length, pixels, shape });
  const searched = generations * (population ?? defaultPopulationSize(length));
  const evaluations = searched + Math.min(finalists, searched) * finalistRepeats;
  const candidate = candidateCost(options, data);
  return { candidate, total: candidate * evaluations };
}

function candidateCost(options: SearchConfiguration, { train }: Data): number {
  const { mismatchWeight, divergenceWeight, epochs, trainSize, defence } = options;
  const { discriminatorEpochs, discriminatorSize } = options;
  const classifier = networkByName(options.network)(train.shape, train.classNames.length);
  const discriminator = networkByName("discriminator")(train.shape, 2);
  return (mismatchWeight > 0
    ? multiplyAdds(classifier) * trainSize * (stepCost(defence) * epochs + 2)
    : 0) +
    (divergenceWeight > 0
      ? multiplyAdds(discriminator) * 2 * discriminatorSize * (STEP * discriminatorEpochs + 1)
      : 0);
}
