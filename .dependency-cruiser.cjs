/**
 * Which way imports may point: one rule for each arrow that must not exist, with the reason. Every rule
 * here is proven to fail on a planted violation by test/house/guards.test.ts.
 *
 * Tests are not bound by the arrows (they build whole walks), only by the rules about what ships.
 */
const notTests = '\\.test\\.ts$';
const loops = '(control|serving|worker|library|toolkit)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-points-nowhere',
      comment:
        'Nouns are understood without anything else; whatever they imported, the whole house would import.',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: notTests },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'decide-knows-only-nouns',
      comment:
        'A choice is a function of a snapshot and the time, so the server, the simulator and the forecast can run the same code.',
      severity: 'error',
      from: { path: '^src/decide/', pathNot: notTests },
      to: { pathNot: '^src/(decide|domain)/' },
    },
    {
      name: 'contracts-know-only-nouns',
      comment:
        'What a room asks of another is said in nouns; a contract that knew a room would tie both ends together.',
      severity: 'error',
      from: { path: '^src/contracts/', pathNot: notTests },
      to: { pathNot: '^src/(contracts|domain)/' },
    },
    {
      name: 'loops-know-no-adapter',
      comment:
        'A loop asks a contract; which vendor answers is chosen in apps, so a simulation can take its place.',
      severity: 'error',
      from: { path: `^src/${loops}/`, pathNot: notTests },
      to: { path: '^src/adapters/' },
    },
    {
      name: 'loops-know-no-front-end',
      comment:
        'Nothing calls back up: a wire’s words end at its decode, or every loop would speak every dialect.',
      severity: 'error',
      from: { path: `^src/${loops}/`, pathNot: notTests },
      to: { path: '^src/api/' },
    },
    {
      name: 'loops-do-not-know-each-other',
      comment:
        'Control, serving and worker meet only through contracts, so that each runs, restarts and is tested without the others.',
      severity: 'error',
      from: { path: `^src/${loops}/`, pathNot: notTests },
      to: { path: `^src/${loops}/`, pathNot: '^src/$1/' },
    },
    {
      name: 'adapters-know-contracts-and-nouns',
      comment:
        'An adapter translates one outside thing into a contract; choices, waiting and wires belong in other rooms.',
      severity: 'error',
      from: { path: '^src/adapters/', pathNot: notTests },
      to: { path: '^src/', pathNot: '^src/(contracts|domain|adapters)/' },
    },
    {
      name: 'adapters-do-not-know-siblings',
      comment: 'Each adapter can be thrown away alone; one that leans on its sibling cannot.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/([^/]+)/', pathNot: notTests },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/$1/$2/' },
    },
    {
      name: 'native-engine-stays-in-its-adapter',
      comment: 'Native code can end the process; only a worker, through this one adapter, may load it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/engine/llama-cpp/' },
      to: { path: '(^|/)node_modules/(koffi|@node-llama-cpp)(/|$)' },
    },
    {
      name: 'tensor-library-stays-in-its-adapter',
      comment:
        'It computes on the thread that calls it, and may be absent; one adapter, on a thread of its own, loads it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/engine/onnxruntime/' },
      to: { path: '(^|/)node_modules/onnxruntime-(node|common)(/|$)' },
    },
    {
      name: 'metrics-client-stays-in-its-adapter',
      comment:
        'Rooms say what happened through Telemetry; one adapter knows the names and formats of metrics.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/telemetry/prometheus/' },
      to: { path: '(^|/)node_modules/prom-client/' },
    },
    {
      name: 'terminal-and-log-writers-stay-in-apps',
      comment:
        'Only a composition root knows that there is a terminal or a log file; the others are handed a Log.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/apps/' },
      to: { path: '(^|/)node_modules/(commander|pino)/' },
    },
    {
      name: 'front-ends-use-facades',
      comment:
        'A dialect translates bytes; it asks serving and control at their front door and knows no room behind it.',
      severity: 'error',
      from: { path: '^src/api/', pathNot: notTests },
      to: {
        path: `^src/(${loops}|decide|adapters)/`,
        pathNot: '^src/(control|serving|toolkit)/facade\\.ts$',
      },
    },
    {
      name: 'front-ends-do-not-know-each-other',
      comment:
        'A change to one wire must not be able to break another; what they share is the listener in api/http, the fields and bounds of inference bodies in api/json-body, and the reading of AWS’s published models in api/service-model.',
      severity: 'error',
      from: { path: '^src/api/([^/]+)/', pathNot: notTests },
      to: { path: '^src/api/', pathNot: '^src/api/($1|http|json-body|service-model)/' },
    },
    {
      name: 'apps-are-imported-by-nobody',
      comment:
        'A composition root builds everything; whoever imports it starts the whole program by reading a constant.',
      severity: 'error',
      from: { pathNot: '^src/apps/|^(test|bench)/' },
      to: { path: '^src/apps/' },
    },
    {
      name: 'pure-rooms-use-no-builtins',
      comment:
        'Files, sockets, clocks and chance are effects; in these rooms everything comes in as a value.',
      severity: 'error',
      from: { path: '^src/(domain|decide|contracts)/', pathNot: notTests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'shipped-code-knows-no-tests',
      comment: 'What is installed has neither tests nor benches beside it.',
      severity: 'error',
      from: { path: '^src/', pathNot: notTests },
      to: { path: '^(test|bench|scripts)/|\\.test\\.ts$' },
    },
    {
      name: 'shipped-code-needs-no-development-packages',
      comment:
        'An installation leaves out devDependencies; code that needs one fails at the user’s, not here.',
      severity: 'error',
      from: { path: '^src/', pathNot: notTests },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'packages-are-declared',
      comment:
        'A package that only happens to be there through another one disappears with that one’s next version.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one idea in two places, and load in an order nobody chose.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that neither uses anything nor is used is not part of the house.',
      severity: 'error',
      from: { orphan: true, pathNot: '\\.(test|d)\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
