// SPDX-License-Identifier: Apache-2.0
// The arrows between rooms (README, "Rooms"): each room may import what is listed for it, and nothing else of src.
const rooms = {
  errors: [],
  // What commands and flags there are.
  surface: [],
  model: ['errors'],
  kube: ['errors', 'model'],
  probes: ['errors', 'model'],
  report: ['errors', 'model'],
  targets: ['errors', 'model', 'kube'],
  manifests: ['errors', 'model', 'kube', 'targets'],
  policies: ['errors', 'model', 'kube', 'targets'],
  runs: ['errors', 'model', 'kube', 'probes', 'targets', 'policies'],
  shaping: ['errors', 'model', 'kube', 'probes', 'targets', 'runs', 'manifests'],
  // Applying and removing what stays in a cluster.
  installation: ['errors', 'model', 'kube'],
  // What agents of a check are to reach, and what their reports mean; pure.
  connectivity: ['errors', 'model', 'kube'],
  check: ['errors', 'model', 'kube', 'targets', 'installation', 'connectivity'],
  injection: ['errors', 'model', 'kube', 'targets', 'manifests', 'installation'],
  mesh: ['errors', 'model', 'kube', 'targets'],
  suites: ['errors', 'model', 'kube', 'probes', 'targets', 'policies', 'runs', 'shaping', 'manifests'],
  permissions: ['errors', 'model', 'kube'],
  preflight: ['errors', 'model', 'kube', 'targets', 'permissions'],
  cleanup: ['errors', 'model', 'kube', 'targets', 'shaping', 'check', 'installation'],
  // Programs that run in the cluster, bundled apart from the plugin.
  agents: ['errors', 'model', 'kube', 'injection', 'installation', 'connectivity'],
  // What a user has settled once for all commands, and where; unknown keys are told as unknown names of targets are.
  settings: ['errors', 'model', 'targets'],
  // How commands are to be used: on the terminal, as man pages and as Markdown; no cluster is needed for it.
  help: ['errors', 'model', 'surface', 'permissions'],
  // What can come next on a command line.
  completion: ['errors', 'model', 'surface', 'kube', 'targets'],
  commands: [
    'surface',
    'settings',
    'help',
    'completion',
    'errors',
    'model',
    'kube',
    'runs',
    'shaping',
    'suites',
    'injection',
    'installation',
    'check',
    'connectivity',
    'mesh',
    'manifests',
    'report',
    'targets',
    'permissions',
    'preflight',
    'cleanup',
  ],
};

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `arrows-from-${room}`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/[^/]+/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
    })),
    {
      name: 'only-kube-imports-the-client-library',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/kube/' },
      to: { path: '@kubernetes/client-node' },
    },
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'sources-do-not-import-tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json', '.sh', '.css', '.yaml', '.bash', '.zsh', '.fish', '.ps1', '.cmd'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
