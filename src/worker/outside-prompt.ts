/**
 * What a caller asks as the text, messages or tokens that a program of others takes. The component's template is applied
 * here; without one, messages are left to the program, which knows its model's own template.
 *
 * Spellings of control tokens in a caller's text are the program's business: it turns text into tokens.
 */
import { Template } from '@huggingface/jinja';
import type { OutsidePrompt } from '../contracts/outside-engine.js';
import type { ComponentOptions } from '../domain/component-options.js';
import { StowageError } from '../domain/errors.js';
import type { PromptInput } from '../domain/inference.js';
import { keepEnd, keepStart, lastUserMessage, usesVariable } from './prompt.js';

export class OutsidePrompts {
  private readonly template: Template | null;
  private readonly takesSuffix: boolean;

  /** Throws REQ-213 if the template is wrong. */
  constructor(
    private readonly component: string,
    private readonly options: ComponentOptions,
  ) {
    const { promptTemplate } = options;
    this.template = promptTemplate === null ? null : this.compile(promptTemplate);
    this.takesSuffix = usesVariable(promptTemplate, 'suffix');
  }

  /** Throws CTX-201, REQ-212 or REQ-213. */
  build(input: PromptInput): OutsidePrompt {
    if (input.kind === 'tokens') {
      if (input.tokens.length === 0) throw StowageError.of('CTX-201', {});
      return { kind: 'tokens', tokens: input.tokens };
    }
    if (input.kind === 'chat') refuseTools(input);
    if (this.template === null && input.kind === 'chat') {
      return { kind: 'chat', messages: input.messages.map(({ role, content }) => ({ role, content })) };
    }
    const { promptKeepChars, suffixKeepChars, promptTemplate } = this.options;
    const asText = input.kind === 'text' ? input : lastUserMessage(input.messages);
    if (asText.suffix !== null && asText.suffix !== '' && !this.takesSuffix) {
      throw this.cannotTake('`suffix`', 'it has no prompt_template that uses one');
    }
    const prompt = keepEnd(asText.prompt, promptKeepChars);
    if (this.template === null) return checked(prompt);
    const suffix = keepStart(asText.suffix ?? '', suffixKeepChars);
    const ownMessages = input.kind === 'chat' ? input.messages : [{ role: 'user', content: prompt }];
    const messages = usesVariable(promptTemplate, 'messages')
      ? ownMessages.map(({ role, content }) => ({ role, content }))
      : [];
    return checked(this.run(this.template, { prompt, suffix, messages }));
  }

  private run(template: Template, fields: Record<string, unknown>): string {
    try {
      return template.render({ ...fields, add_generation_prompt: true, bos_token: '', eos_token: '' });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw this.cannotTake('this request', `its template refuses it: ${problem}`);
    }
  }

  private compile(source: string): Template {
    try {
      return new Template(source);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw this.cannotTake('any request', `its template does not parse: ${problem}`);
    }
  }

  private cannotTake(what: string, problem: string): StowageError {
    return StowageError.of('REQ-213', { component: this.component, what, problem });
  }
}

/** What a program would not be told must not be left out in silence. */
function refuseTools({ messages, tools = [] }: Extract<PromptInput, { kind: 'chat' }>): void {
  const problem = 'tool calls are not passed to programs of others';
  if (tools.length > 0) throw StowageError.of('REQ-212', { field: 'tools', problem });
  for (const [index, { role, toolCalls = [], toolCallId }] of messages.entries()) {
    const field = `messages[${index}]${toolCalls.length > 0 ? '.tool_calls' : ''}`;
    if (toolCalls.length > 0 || toolCallId !== undefined || role === 'tool') {
      throw StowageError.of('REQ-212', { field, problem });
    }
  }
}

function checked(prompt: string): OutsidePrompt {
  if (prompt === '') throw StowageError.of('CTX-201', {});
  return { kind: 'text', prompt };
}
