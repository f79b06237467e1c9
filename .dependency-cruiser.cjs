// SPDX-License-Identifier: Apache-2.0
// The arrows between rooms (README, "Rooms"): each room may import what is listed for it, and nothing else of src.
const rooms = {
  errors: [],
  model: ['errors'],
  kube: ['errors', 'model'],
  probes: ['errors', 'model'],
  report: ['errors', 'model'],
  targets: ['errors', 'model', 'kube'],
  runs: ['errors', 'model', 'kube', 'probes', 'targets'],
  commands: ['errors', 'model', 'kube', 'runs', 'report', 'targets'],
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
      extensions: ['.ts', '.js', '.json', '.sh'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
