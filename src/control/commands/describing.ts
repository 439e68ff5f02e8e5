/** Members that descriptions share. */

export interface DeployedImage {
  readonly specifiedImage: string;
  readonly resolvedImage: string;
  readonly resolutionTime: number;
}

/** Characters of a FailureReason, by the service model. */
const failureReasonLengthMax = 1024;

/** Images are names here: the engine that runs is chosen by the environment, so they resolve to themselves. */
export function deployedImage(image: string, resolvedAt: number): DeployedImage {
  return { specifiedImage: image, resolvedImage: image, resolutionTime: resolvedAt };
}

/** The member, when there is a reason. */
export function failureText(reason: string | null): { readonly failureReason?: string } {
  return reason === null ? {} : { failureReason: reason.slice(0, failureReasonLengthMax) };
}
