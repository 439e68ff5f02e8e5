/** `stowage doctor`: what this machine can do, what is wrong, what to install. */
import { dataFolder, portOf, shownFolder } from './data-folder.js';
import {
  checkAccelerators,
  checkDataFolder,
  checkEngine,
  checkNode,
  checkPort,
  describeMemory,
  describeProcessor,
} from './doctor-checks.js';
import type { Finding } from './doctor-checks.js';
import { ExitCode } from './exit-code.js';
import { Paint } from './paint.js';
import { OutputFormat, renderValue } from './render.js';
import type { Session } from './session.js';

export interface DoctorFlags {
  readonly port?: string;
  readonly dataDir?: string;
}

/** Fails when there is a problem. */
export async function doctor(flags: DoctorFlags, session: Session): Promise<ExitCode> {
  const { terminal, format, environment } = session;
  const folder = dataFolder(flags.dataDir, environment);
  const findings: readonly Finding[] = [
    checkNode(process.version),
    describeProcessor(),
    describeMemory(),
    ...(await checkEngine()),
    ...(await checkAccelerators()),
    checkDataFolder(folder, shownFolder(folder)),
    await checkPort(portOf(flags.port, environment)),
  ];
  const problems = findings.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  if (format === OutputFormat.Json || format === OutputFormat.Yaml) {
    const rows = findings.map(({ name, detail, problem }) => ({
      name,
      detail,
      problem: problem?.toData() ?? null,
    }));
    terminal.write(renderValue({ ok: problems.length === 0, findings: rows }, format));
  } else {
    for (const { name, detail, problem } of findings) {
      const mark =
        problem === null
          ? terminal.paintData(Paint.Green, 'ok     ')
          : terminal.paintData(Paint.Red, 'problem');
      terminal.write(`${mark}  ${name.padEnd(12)} ${detail}\n`);
    }
  }
  for (const problem of problems) {
    terminal.say('');
    terminal.fail(problem);
  }
  return problems.length === 0 ? ExitCode.Ok : ExitCode.Failed;
}
