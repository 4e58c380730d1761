/**
 * The presets of the paper's experiments, by the names that `--preset` takes.
 *
 * @module
 */
import { paper } from "./paper.ts";
import type { ExperimentPreset } from "./preset.ts";
import { small } from "./small.ts";
import { smoke } from "./smoke.ts";

export type { ExperimentPreset, Preset, PresetTraining } from "./preset.ts";

export const PRESETS = { smoke, small, paper } satisfies Record<string, ExperimentPreset>;
