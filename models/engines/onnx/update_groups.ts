import { elements, type ParameterShape } from "../../network.ts";

/** Parameters that are updated as one vector, one after another in it. */
export interface UpdateGroup {
  readonly name: string;
  readonly parameters: readonly ParameterShape[];
  /** Numbers in the vector. */
  readonly length: number;
}

/** From this many numbers on, a parameter is a group of its own: joining it would cost a copy. */
const bigParameter = 65536;

/** Groups parameters so that an update is few operators. */
export function updateGroups(parameters: readonly ParameterShape[]): readonly UpdateGroup[] {
  const isBig = ({ shape }: ParameterShape) => elements(shape) >= bigParameter;
  const small = parameters.filter((parameter) => !isBig(parameter));
  return [small, ...parameters.filter(isBig).map((parameter) => [parameter])]
    .filter((members) => members.length > 0)
    .map((members, index) => ({
      name: `group${index}`,
      parameters: members,
      length: members.reduce((sum, { shape }) => sum + elements(shape), 0),
    }));
}
