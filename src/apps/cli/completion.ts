/** Completion scripts for bash, zsh and fish, made from the commands themselves. Pure. */
import type { Command, Option } from 'commander';

export type Shell = 'bash' | 'zsh' | 'fish';

interface Verb {
  /** `serve`, `keys list`. */
  readonly path: string;
  readonly description: string;
  readonly flags: readonly Option[];
  /** Its argument is a component. */
  readonly takesName: boolean;
  readonly children: readonly string[];
}

export function completionScript(shell: Shell, program: Command): string {
  const verbs = verbsOf(program);
  switch (shell) {
    case 'bash':
      return bashScript(verbs);
    case 'zsh':
      return `autoload -Uz bashcompinit && bashcompinit\n${bashScript(verbs)}`;
    case 'fish':
      return fishScript(verbs);
    default:
      return shell satisfies never;
  }
}

/** The program itself comes first, with an empty path. */
function verbsOf(command: Command, path = ''): Verb[] {
  const shown = command.commands.filter((child) => child.name() !== 'complete-names');
  const own = {
    path,
    description: command.description(),
    flags: command.options,
    takesName: command.registeredArguments[0]?.name() === 'target',
    children: shown.map((child) => child.name()),
  };
  return [own, ...shown.flatMap((child) => verbsOf(child, `${path} ${child.name()}`.trim()))];
}

function longFlags(verb: Verb): string[] {
  return verb.flags.flatMap((flag) => (typeof flag.long === 'string' ? [flag.long] : []));
}

function bashScript(verbs: readonly Verb[]): string {
  const globalFlags = verbs.filter(({ path }) => path === '').flatMap(longFlags);
  const cases = verbs.map((verb) => {
    const words = [...verb.children, ...new Set([...longFlags(verb), ...globalFlags, '--help'])].join(' ');
    const names = verb.takesName ? ' $(stowage complete-names 2>/dev/null)' : '';
    return `    '${verb.path}') words="${words}${names}" ;;`;
  });
  return `# stowage completion: source <(stowage completion bash)
_stowage() {
  local current="\${COMP_WORDS[COMP_CWORD]}" verb="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$verb $word" in
${verbs
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      '${path.includes(' ') ? path : ` ${path}`}') verb='${path}' ;;`)
  .join('\n')}
    esac
  done
  case "$verb" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -o nospace -F _stowage stowage
`.replace('complete -o nospace', 'complete');
}

function fishScript(verbs: readonly Verb[]): string {
  const lines = ['# stowage completion: stowage completion fish | source', 'complete -c stowage -f'];
  for (const verb of verbs) {
    const [first, second] = verb.path.split(' ');
    const condition =
      verb.path === ''
        ? '__fish_use_subcommand'
        : [first, second]
            .flatMap((word) => (word === undefined ? [] : [`__fish_seen_subcommand_from ${word}`]))
            .join('; and ');
    for (const child of verb.children) {
      const description =
        verbs.find(({ path }) => path === `${verb.path} ${child}`.trim())?.description ?? '';
      lines.push(`complete -c stowage -n '${condition}' -a ${child} -d '${quoted(description)}'`);
    }
    for (const flag of verb.flags) {
      if (typeof flag.long !== 'string') continue;
      const takesValue = flag.required || flag.optional ? ' -r' : '';
      const where = verb.path === '' ? '' : ` -n '${condition}'`;
      lines.push(
        `complete -c stowage${where} -l ${flag.long.slice(2)}${takesValue} -d '${quoted(flag.description)}'`,
      );
    }
    if (verb.takesName) {
      lines.push(`complete -c stowage -n '${condition}' -a '(stowage complete-names 2>/dev/null)'`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return text.replaceAll("'", "\\'");
}
