// deploy/prometheus: every metric that a rule names is one that the service exports, with those labels; every runbook
// anchor exists; windows, burn rates and budget fit each other; and promtool's own tests, where promtool can be had.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parse } from 'yaml';
import { inProject } from '../stack/project.mjs';
import { runPromtool } from './promtool.mjs';

const FOLDER = inProject('deploy/prometheus');
const BUDGET = 0.0005; // 99.95 %
const PERIOD_DAYS = 30;
/** What share of the budget may be gone, by long window, before the alert: the SRE workbook's, and ours for tickets. */
const SPENT = { '1h': 0.02, '6h': 0.05, '1d': 0.1, '3d': 0.1 };
const SHORT_IS = 1 / 12;
const DAYS = { m: 1 / 1440, h: 1 / 24, d: 1 };

const days = (window) => Number.parseInt(window, 10) * DAYS[window.at(-1)];
const close = (a, b) => Math.abs(a - b) < 1e-9;

/** What the service exports, by series name, with its labels. Nothing is connected: only registered. */
export function exportedSeries() {
  const load = createRequire(import.meta.url);
  const telemetry = (file) => load(inProject(`dist/src/infrastructure/telemetry/${file}.js`));
  const { Registry } = load('prom-client');
  const registry = new Registry();
  const { ServiceMetrics } = telemetry('service-metrics');
  telemetry('exposed-gauges').exposeGauges(new ServiceMetrics(registry), { backlog: {}, nats: {}, streams: [], pools: {}, subscribers: () => 0 });
  const series = new Map();
  for (const { name, type, labelNames } of registry.getMetricsAsArray()) {
    for (const suffix of type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']) series.set(name + suffix, [...labelNames, ...(suffix === '_bucket' ? ['le'] : [])]);
  }
  return series;
}

function problemsOfExpression(name, expr, series, recorded) {
  const named = [...expr.matchAll(/\b(marketplace[\w:]*)(?:\{([^}]*)\})?/g)];
  if (named.length === 0) return [`${name}: names no metric of ours`];
  return named.flatMap(([, metric, matchers = '']) => {
    if (metric.includes(':')) return recorded.has(metric) ? [] : [`${name}: ${metric} is not recorded`];
    const labels = series.get(metric);
    if (!labels) return [`${name}: ${metric} is not exported by the service`];
    const unknown = [...matchers.matchAll(/(\w+)\s*[=!]/g)].map(([, label]) => label).filter((label) => !labels.includes(label));
    return unknown.map((label) => `${name}: ${metric} has no label ${label}`);
  });
}

function problemsOfRecording({ record, expr }) {
  const [, window] = /_rate(\w+)$/.exec(record) ?? [];
  const wrong = window ? [...expr.matchAll(/\[(\w+)\]/g)].filter(([, range]) => range !== window) : [];
  return wrong.map(([, range]) => `${record}: looks at ${range}`);
}

const BURN = /^(\S+):ratio_rate(\w+) > \((\S+) \* (\S+)\) and (\S+):ratio_rate(\w+) > \((\S+) \* (\S+)\)$/;

function problemsOfBurn({ alert, expr, labels }) {
  if (!alert.includes('Burn')) return [];
  const [, ratio, long, factor, budget, shortRatio, short, shortFactor, shortBudget] = BURN.exec(expr) ?? [];
  if (!ratio) return [`${alert}: not of the form ratio(long) > (rate * budget) and ratio(short) > (rate * budget)`];
  const fits = [
    [ratio === shortRatio && factor === shortFactor && budget === shortBudget, 'its two halves differ'],
    [Number(budget) === BUDGET, `the budget is ${BUDGET}`],
    [long in SPENT && close((Number(factor) * days(long)) / PERIOD_DAYS, SPENT[long]), `a burn rate of ${factor} over ${long} does not spend what it shall`],
    [close(days(short) / days(long), SHORT_IS), `${short} is not a twelfth of ${long}`],
    [labels.burn_rate === factor && labels.long_window === long && labels.short_window === short, 'its labels say something else'],
  ];
  return fits.filter(([ok]) => !ok).map(([, why]) => `${alert}: ${why}`);
}

/** Anchors of the headings, as GitHub makes them. */
function anchorsOf(file) {
  const headings = [...readFileSync(inProject(file), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, text]) => text);
  return new Set(headings.map((text) => text.toLowerCase().replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-')));
}

function problemsOfRunbook({ alert, annotations = {} }) {
  const [file, anchor] = (annotations.runbook ?? '').split('#');
  if (!annotations.summary || file !== 'docs/operations.md') return [`${alert}: needs a summary and a runbook in docs/operations.md`];
  return anchorsOf(file).has(anchor) ? [] : [`${alert}: ${annotations.runbook} does not exist`];
}

/** What is wrong with these rules; empty: nothing. */
export function problemsOf(rules, series) {
  const recorded = new Set(rules.flatMap((rule) => rule.record ?? []));
  return rules.flatMap((rule) => [
    ...problemsOfExpression(rule.record ?? rule.alert, rule.expr, series, recorded),
    ...(rule.record ? problemsOfRecording(rule) : [...problemsOfBurn(rule), ...problemsOfRunbook(rule)]),
  ]);
}

export function readRules(folder = FOLDER) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.rules.yaml'));
  return files.flatMap((file) => parse(readFileSync(path.join(folder, file), 'utf8')).groups.flatMap((group) => group.rules));
}

if (import.meta.filename === process.argv[1]) {
  const rules = readRules();
  const problems = [...problemsOf(rules, exportedSeries()), ...runPromtool(FOLDER)];
  for (const problem of problems) console.error(problem);
  console.log(`${rules.length} rules, ${problems.length} problems`);
  process.exitCode = problems.length > 0 || rules.length === 0 ? 1 : 0;
}
