// SPDX-License-Identifier: Apache-2.0
import { agentNetworks, checkFailures, checkProbes, findingKinds } from '../../model/check.js';
import { verdicts } from '../../model/verdict.js';

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const number = { type: 'number' };
const whole = { type: 'integer' };
const yes = { type: 'boolean' };
const oneOf = (words: readonly string[]) => ({ type: 'string', enum: [...words] });
const listOf = (items: object) => ({ type: 'array', items });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const object = (required: Record<string, object>, optional: Record<string, object> = {}) => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional },
});

const network = oneOf(agentNetworks);
const state = oneOf(['OK', 'Outdated', 'Absent']);
const verdict = oneOf(verdicts);
const kind = oneOf(['agent', 'server', 'api', 'dns', 'external', 'url']);
const target = {
  node: text,
  network,
  pod: text,
  via: oneOf(['name', 'virtual', 'endpoint']),
  address: text,
  host: text,
  port: whole,
  tls: yes,
  url: text,
};
const value = { description: 'Milliseconds, or why there are none.', oneOf: [number, oneOf(checkFailures)] };
const agentFacts = {
  cause: text,
  pod: text,
  lastReport: { ...time, description: "By the server's clock." },
  lags: {
    ...yes,
    description: 'The server has started anew: what it says of the last report may be some intervals old.',
  },
  kernel: text,
  uptimeSeconds: number,
  clockSkewMs: number,
  interfaces: listOf(ref('Interface')),
  resolver: ref('Resolver'),
};

const schemas = {
  Error: object({ error: text }),
  Resolver: object({ nameservers: listOf(text), search: listOf(text) }),
  Interface: object({
    name: text,
    mtu: whole,
    addresses: listOf(text),
    rxErrors: whole,
    txErrors: whole,
    rxDropped: whole,
    txDropped: whole,
  }),
  Settings: object(
    { intervalMs: number, neighbours: whole, payloadEntries: whole, urls: listOf(text) },
    { externalName: text },
  ),
  Target: object({ kind, probes: listOf(oneOf(checkProbes)) }, target),
  Orders: object({ settings: ref('Settings'), targets: listOf(ref('Target')) }),
  Outcome: object(
    {
      kind,
      values: {
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(checkProbes.map((probe) => [probe, value])),
      },
    },
    { ...target, mtuBytes: number, detail: text },
  ),
  Report: object(
    {
      apiVersion: oneOf(['netmachinery.io/v1']),
      kind: oneOf(['CheckAgentReport']),
      agent: object({ node: text, network, namespace: text, pod: text, ips: listOf(text) }),
      intervalMs: number,
      payloadEntries: number,
      hostDate: time,
      startedAt: time,
      durationMs: number,
      uptimeSeconds: number,
      kernel: text,
      interfaces: listOf(ref('Interface')),
      resolver: ref('Resolver'),
      outcomes: listOf(ref('Outcome')),
    },
    { heard: listOf(object({ address: text, udp: whole, tcp: whole })) },
  ),
  Agent: object({ network, state }, agentFacts),
  PlacedAgent: object({ node: text, network, state }, agentFacts),
  Outage: object({ node: text, network, state: oneOf(['Outdated', 'Absent']), from: time }, { to: time, cause: text }),
  Node: object({ name: text, state, agents: listOf(ref('Agent')) }, { condition: text }),
  Cell: object(
    { source: text, destination: text, verdict, sent: whole, failed: whole },
    { p50Ms: number, p95Ms: number, maxMs: number },
  ),
  Service: object(
    { kind, label: text, verdict, sent: whole, failed: whole, failedFrom: listOf(text) },
    { p50Ms: number, maxMs: number },
  ),
  Finding: object(
    {
      kind: oneOf(findingKinds),
      severity: oneOf(['failure', 'warning', 'unknown']),
      nodes: listOf(text),
      message: text,
      failed: whole,
    },
    { hint: text },
  ),
  Status: object(
    {
      apiVersion: oneOf(['netmachinery.io/v1']),
      kind: oneOf(['CheckReport']),
      mode: oneOf(['installed']),
      startedAt: time,
      durationMs: number,
      settings: ref('Settings'),
      payloadBytes: whole,
      verdict,
      summary: object({
        total: whole,
        pass: whole,
        fail: whole,
        inconclusive: whole,
        unsupported: whole,
        error: whole,
      }),
      warnings: listOf(text),
      nodes: listOf(ref('Node')),
      matrix: listOf(ref('Cell')),
      services: listOf(ref('Service')),
      findings: listOf(ref('Finding')),
      outages: listOf(ref('Outage')),
    },
    { legacyApi: yes },
  ),
  AgentPage: object(
    { node: text, network, state, outages: listOf(ref('Outage')) },
    { ...agentFacts, lastRound: ref('Report') },
  ),
};

const content = (schema: object) => ({ 'application/json': { schema } });
const answer = (description: string, schema: object) => ({ description, content: content(schema) });
const failures = (words: Record<number, string>) =>
  Object.fromEntries(Object.entries(words).map(([status, description]) => [status, answer(description, ref('Error'))]));

const unavailable =
  'Nothing was taken over: no replica leads, or the Kubernetes API cannot be asked or written to. Try again after Retry-After.';
const readFailures = failures({
  401: 'No token, or none that the cluster knows.',
  403: 'The user may not `get checkagents.netmachinery.io` in the namespace of the check.',
  503: unavailable,
});
const get = (summary: string, schema: object, more: Record<number, string> = {}) => ({
  summary,
  security: [{ reader: [] }],
  responses: { 200: answer('As it is now.', schema), ...readFailures, ...failures(more) },
});
const items = (name: string) => object({ items: listOf(ref(name)) });
const podParameter = {
  name: 'pod',
  in: 'path',
  required: true,
  schema: text,
  description: "The name of the agent's pod.",
};

/** The API of a check's server, as OpenAPI 3.1 has it; served as /api/v2/openapi.json. */
export const openApi = {
  openapi: '3.1.0',
  info: {
    title: 'Server of kubectl netmachinery check',
    version: 'v2',
    description:
      'What agents report, and what is made of it: agents, nodes, the matrix between them, findings and outages.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  paths: {
    '/api/v2/agents/{pod}': {
      parameters: [podParameter],
      post: {
        summary: 'An agent reports one round, and gets the orders for the next',
        description: 'With 200, what the report changes is in the Kubernetes API, and survives the server.',
        security: [{ agent: [] }],
        requestBody: { required: true, content: content(ref('Report')) },
        responses: {
          200: answer('Taken over.', ref('Orders')),
          ...failures({
            400: 'The body is no report.',
            401: 'No token, or none of the audience `netmachinery-check` that the cluster knows.',
            403: 'The token or the report is of another agent.',
            404: 'There is no such agent, or its node is gone.',
            413: 'The body has more than 1 MiB.',
            503: unavailable,
          }),
        },
      },
      get: get('One agent with its last report and its outages', ref('AgentPage'), { 404: 'There is no such agent.' }),
    },
    '/api/v2/agents': { get: get('All agents that are expected', items('PlacedAgent')) },
    '/api/v2/nodes': { get: get('Nodes that are to have agents, and the worst of their states', items('Node')) },
    '/api/v2/matrix': { get: get('What agents of each node found of those of each other', items('Cell')) },
    '/api/v2/history': { get: get('When agents were silent, newest first', items('Outage')) },
    '/api/v2/status': {
      get: get('The whole cluster: verdict, findings and everything above', ref('Status')),
      post: {
        summary: 'The same, with what silent agents said when they were asked in another way',
        security: [{ reader: [] }],
        requestBody: { required: true, content: content(object({}, { reports: listOf(ref('Report')) })) },
        responses: {
          200: answer('As it is now.', ref('Status')),
          ...readFailures,
          ...failures({ 400: 'The body has something else than reports.', 413: 'The body has more than 16 MiB.' }),
        },
      },
    },
    '/api/v2/openapi.json': {
      get: { summary: 'This document', security: [], responses: { 200: answer('This document.', { type: 'object' }) } },
    },
  },
  components: {
    schemas,
    securitySchemes: {
      agent: {
        type: 'http',
        scheme: 'bearer',
        description: "A token of the agent's ServiceAccount, bound to its pod, of the audience `netmachinery-check`.",
      },
      reader: {
        type: 'http',
        scheme: 'bearer',
        description: 'A token of a user who may `get checkagents.netmachinery.io` in the namespace of the check.',
      },
    },
  },
};
