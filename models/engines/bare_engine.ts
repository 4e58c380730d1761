import type { PlacedLayer } from "../network.ts";
import type {
  Engine,
  EngineInfo,
  Evaluation,
  GradCam,
  Parameter,
  StepResult,
  Targets,
} from "./engine.ts";

/**
 * What a library computes. {@linkcode CheckedEngine} stands before it: arguments are what
 * {@linkcode Engine} asks for, calls do not overlap, and none comes after the end.
 */
export interface BareEngine
  extends Pick<Engine, "initialize" | "logits" | "inputGradients">, AsyncDisposable {
  /** What really computes. */
  readonly info: EngineInfo;

  /**
   * One optimiser step; where the loss is not finite, nothing changes.
   *
   * @param step Steps since the parameters were drawn, from 1.
   */
  trainStep(
    images: Float32Array,
    labels: Targets,
    learningRate: number,
    step: number,
  ): Promise<StepResult>;

  /** Sums of loss and hits; the loss may be any number. */
  evaluate(images: Float32Array, labels: Uint8Array): Promise<Evaluation>;

  /** @param layer Gives the feature maps. */
  gradCam(layer: PlacedLayer, images: Float32Array, labels: Uint8Array): Promise<GradCam>;

  /** @param images Whole batches of images. */
  recomputeStatistics(images: Float32Array): Promise<void>;

  /** Copies of the parameters, in the order of the layers. */
  parameters(): Promise<readonly Parameter[]>;

  /** @param values Of all parameters, by name. */
  setParameters(values: ReadonlyMap<string, Float32Array>): void;
}
