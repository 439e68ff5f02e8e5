/** Callers of inference: requests of random length to what is there, some of which are taken back. */
import { componentKey } from '../../../src/domain/component.js';
import { StowageError } from '../../../src/domain/errors.js';
import { greedySampling, type GenerationRequest } from '../../../src/domain/inference.js';
import { sameScope, type Scope } from '../../../src/domain/scope.js';
import type { SeededRandom } from '../seeded-random.js';
import { Answer } from './check-traffic.js';
import type { World } from './world.js';

/** What a caller of an account may name. */
export interface Callable {
  readonly scope: Scope;
  readonly endpoint: string;
  /** Null: one of its variants' own models. */
  readonly component: string | null;
}

export class Requests {
  asked = 0;

  constructor(
    private readonly world: World,
    private readonly random: SeededRandom,
  ) {}

  /** Asks until the time is over, about every `everyMs` milliseconds; now and then several at once. */
  async ask(ms: number, everyMs: number, callables: () => readonly Callable[]): Promise<void> {
    const { clock } = this.world;
    const until = clock.now() + ms;
    while (clock.now() < until) {
      const known = callables();
      const count = this.random.happens(0.1) ? 6 : 1;
      for (let index = 0; known.length > 0 && index < count; index++) {
        this.askOne(known[this.random.below(known.length)]!);
      }
      await new Promise<void>((resolve) => clock.after(this.random.below(2 * everyMs), resolve));
    }
  }

  private askOne({ scope, endpoint, component: name }: Callable): void {
    const { world, random } = this;
    const { serving } = world;
    if (serving === null) return;
    const component = this.resolve(scope, endpoint, name);
    if (component === null) return;
    const key = componentKey(component);
    if (!sameScope(component.scope, scope)) world.complain(`${scope.account} is given ${key}`);
    const request: GenerationRequest = {
      id: `r${++this.asked} ${key}`,
      component,
      input: {
        kind: 'tokens',
        tokens: Array.from({ length: 1 + random.below(20) }, () => random.below(256)),
      },
      sampling: greedySampling,
      newTokensMax: 1 + random.below(30),
      stop: [],
      logprobs: null,
      endTokensIgnored: false,
      constraint: null,
      adapter: null,
      kind: 'generation',
    };
    const answer = new Answer(request, key, world.traffic);
    const handle = serving.answer(request, answer);
    if (!answer.isOpen || !random.happens(0.05)) return;
    world.clock.after(random.below(500), () => {
      if (!answer.isOpen) return;
      answer.noteCancel();
      handle.cancel();
    });
  }

  /** What is named; null when serving does not know it, which is right only if its table does not name it. */
  private resolve(scope: Scope, endpoint: string, name: string | null) {
    const { world } = this;
    try {
      return world.serving!.resolve(scope, endpoint, name, null);
    } catch (error) {
      const isRefusal = error instanceof StowageError && error.code.startsWith('NAME-');
      if (!isRefusal) world.complain(`resolving ${endpoint} threw ${String(error)}`);
      const route = world.traffic.table.endpoints.find(
        (one) => one.name === endpoint && sameScope(one.scope, scope),
      );
      const isNamed = route?.components.some(({ component }) => component.name === name) ?? false;
      if (isNamed)
        world.complain(`${endpoint}/${name} is in the route table and not found: ${String(error)}`);
      return null;
    }
  }
}
