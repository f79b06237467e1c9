// SPDX-License-Identifier: Apache-2.0
import type { TestSuite } from 'junit-report-builder';
import type { CheckFinding, CheckReport } from '../../model/check.js';
import { formatPercent } from '../figures.js';
import { addOutcome, newJunit, type Outcome } from '../junit-outcome.js';
import { plainText } from '../plain-text.js';
import type { RenderOptions } from '../render-options.js';
import { uniqueNames } from '../test-name.js';
import { agentFindings, agentVerdict, cellFindings, serviceFindings } from './finding-places.js';
import { testsText } from './remarks.js';
import { conclusionText, failedFromText, listText } from './words.js';

interface Case {
  name: string;
  outcome: Outcome;
  facts: [string, string][];
  findings: CheckFinding[];
}

function agentCases(report: CheckReport): Case[] {
  return report.nodes.flatMap((node) =>
    node.agents.map((agent): Case => {
      const findings = agentFindings(report, node.name);
      const cause = agent.cause ?? node.condition ?? 'no cause is known';
      return {
        name: `${node.name} ${agent.network}`,
        outcome: {
          verdict: agentVerdict(report, node.name, agent),
          message: `${agent.state}: ${cause}`,
          reason: agent.state,
        },
        facts: [['state', agent.state], ...(agent.pod === undefined ? [] : [['pod', agent.pod] as [string, string]])],
        findings,
      };
    }),
  );
}

function cellCases(report: CheckReport): Case[] {
  return report.matrix.map((cell): Case => {
    const { source, destination, verdict, sent, failed } = cell;
    const findings = cellFindings(report, cell);
    const share = sent === 0 ? '' : ` (${formatPercent((failed / sent) * 100)})`;
    const times = (['p50Ms', 'p95Ms', 'maxMs'] as const).flatMap((name): [string, string][] =>
      cell[name] === undefined ? [] : [[name, `${cell[name]}`]],
    );
    return {
      name: `${source} -> ${destination}`,
      outcome: {
        verdict,
        message: findings[0]?.message ?? `${failed} of ${sent} probes failed${share}`,
        reason: findings[0]?.kind ?? verdict,
      },
      facts: [['sent', `${sent}`], ['failed', `${failed}`], ...times],
      findings,
    };
  });
}

function serviceCases(report: CheckReport): Case[] {
  return report.services.map((service): Case => {
    const { label, kind, verdict, sent, failed } = service;
    const findings = serviceFindings(report, service);
    const from = service.failedFrom.length === 0 ? '' : ` from ${failedFromText(service, report)}`;
    return {
      name: label,
      outcome: {
        verdict,
        message: findings[0]?.message ?? `${failed} of ${sent} probes failed${from}`,
        reason: findings[0]?.kind ?? verdict,
      },
      facts: [
        ['kind', kind],
        ['sent', `${sent}`],
        ['failed', `${failed}`],
        ...(service.failedFrom.length === 0
          ? []
          : [['failedFrom', listText(service.failedFrom, Infinity)] as [string, string]]),
      ],
      findings,
    };
  });
}

/** Findings that change the verdict and that no failed test tells of, and the verdict where nothing else is red: none of them is lost. */
function otherCases(report: CheckReport, red: readonly Case[]): Case[] {
  const told = new Set(red.flatMap(({ findings }) => findings));
  const left = report.findings.filter((finding) => finding.severity !== 'warning' && !told.has(finding));
  const { verdict, findings } = report;
  if (left.length === 0 && red.length === 0 && verdict !== 'pass') {
    const message = conclusionText(report);
    return [{ name: 'verdict', outcome: { verdict, message, reason: verdict }, facts: [], findings: [...findings] }];
  }
  return left.map((finding): Case => ({
    name: finding.message,
    outcome: {
      verdict: finding.severity === 'failure' ? 'fail' : 'inconclusive',
      message: finding.message,
      reason: finding.kind,
    },
    facts: [['nodes', listText(finding.nodes, Infinity)]],
    findings: [finding],
  }));
}

function findingTexts(findings: readonly CheckFinding[]): string[] {
  return findings.flatMap(({ message, hint }) => [
    `finding: ${plainText(message)}`,
    ...(hint === undefined ? [] : [`hint: ${plainText(hint)}`]),
  ]);
}

function describeSuite(suite: TestSuite, report: CheckReport): void {
  suite.timestamp(new Date(report.startedAt).toISOString().slice(0, 19)).property('command', 'check');
  suite.property('mode', report.mode).property('conclusion', conclusionText(report));
  for (const warning of report.warnings) suite.property('warning', plainText(warning));
  for (const { severity, message } of report.findings)
    if (severity === 'warning') suite.property('warning', plainText(message));
}

/**
 * `-o junit`: suites `agents`, `nodes` (a test for each pair) and `services`, and `findings` for what none of these tells. fail is `<failure>`; error
 * and inconclusive are `<error>`; unsupported and what `--ignore` names are `<skipped>`.
 */
export function renderCheckJunit(report: CheckReport, { ignore = [] }: Pick<RenderOptions, 'ignore'>): string {
  const builder = newJunit();
  const suites: [string, Case[]][] = [
    ['agents', agentCases(report)],
    ['nodes', cellCases(report)],
    ['services', serviceCases(report)],
  ];
  const isRed = ({ outcome: { verdict } }: Case) => verdict !== 'pass' && verdict !== 'unsupported';
  const red = suites.flatMap(([, cases]) => cases.filter(isRed));
  const isEmpty = suites.every(([, cases]) => cases.length === 0);
  const others: [string, Case[]][] = isEmpty ? [] : [['findings', otherCases(report, red)]];
  for (const [name, cases] of [...suites, ...others]) {
    if (cases.length === 0) continue;
    const suite = builder.testSuite().name(name);
    describeSuite(suite, report);
    const names = uniqueNames(cases.map((each) => plainText(each.name) || name));
    for (const [index, { outcome, facts, findings }] of cases.entries()) {
      const testCase = suite
        .testCase()
        .className(`check.${name}`)
        .name(names[index] ?? name);
      for (const [key, value] of facts) testCase.property(key, plainText(value));
      testCase.property('verdict', outcome.verdict);
      const body = [plainText(outcome.message), ...facts.map(([key, value]) => `${key}: ${plainText(value)}`)];
      addOutcome(testCase, outcome, [...body, ...findingTexts(findings)], ignore.includes(outcome.verdict));
    }
  }
  if (isEmpty) {
    // A check without a test has shown nothing; an empty file would be green.
    const suite = builder.testSuite().name('check');
    describeSuite(suite, report);
    suite.testCase().className('check').name('tests').error(conclusionText(report), 'NoTests', testsText(report));
  }
  return `${builder.build()}\n`;
}
