/** Why there are so many copies and what would change that, as people read it. Pure. */
import type { ScalingExplanation } from '../../api/admin/contract.js';
import { Paint } from './paint.js';
import { duration } from './progress.js';

interface Style {
  readonly paint: (paint: Paint, text: string) => string;
  /** Wall clock, milliseconds. */
  readonly now: number;
}

export function scalingLines(scaling: ScalingExplanation, style: Style): string[] {
  const { min, max, suspended, policies, cause, activities, schedules } = scaling;
  return [
    `  scales from ${min} to ${max}; ${cause === null ? 'nothing was changed yet' : `changed last because: ${cause}`}`,
    ...(min === 0 ? [`  may be at zero: a first request waits ${waitText(scaling)}`] : []),
    ...suspended.map((what) => `  suspended: ${what}`),
    ...policies.map(({ name, follows, changes }) => `  policy ${name}  ${follows}; ${changes}`),
    ...(policies.length === 0 ? ['  no policy: only its bounds and waiting requests change it'] : []),
    ...cooldownLines(scaling, style),
    ...schedules.map((schedule) => `  schedule ${schedule.name}  ${scheduleText(schedule, style)}`),
    ...activities.map(({ at, status, description, cause: why, notScaled }) =>
      style.paint(
        Paint.Dim,
        `  ${timeText(at)}  ${status}: ${description} ${why}${notScaled.length === 0 ? '' : ` (${notScaled.join(', ')})`}`,
      ),
    ),
  ];
}

function waitText({ coldStartMs }: ScalingExplanation): string {
  return coldStartMs === null ? 'for a copy to come up' : `about ${duration(coldStartMs)}`;
}

function cooldownLines({ outAgainAt, inAgainAt }: ScalingExplanation, { now }: Style): string[] {
  return [
    ...(outAgainAt === null
      ? []
      : [`  cooldown: only a still larger wish adds copies for ${duration(outAgainAt - now)}`]),
    ...(inAgainAt === null ? [] : [`  cooldown: none are taken for ${duration(inAgainAt - now)}`]),
  ];
}

function scheduleText({ at, min, max }: ScalingExplanation['schedules'][number], { now }: Style): string {
  return `in ${duration(Math.max(0, at - now))}: ${min ?? '…'} to ${max ?? '…'}`;
}

function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
