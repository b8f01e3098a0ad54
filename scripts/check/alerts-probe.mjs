// Plants a mistake of each kind into the rules and expects the check to tell.
import { exportedSeries, problemsOf, readRules } from './alerts.mjs';

const MISTAKES = [
  ['an unknown metric', 'MarketplaceRelayBehind', 'expr', /outbox_oldest_age/, 'outbox_age', /is not exported/],
  ['an unknown label', 'MarketplacePoolExhausted', 'expr', /state=/, 'status=', /has no label status/],
  ['a ratio that nobody records', 'MarketplaceApiErrorsBurnFast', 'expr', /rate1h/, 'rate7h', /is not recorded/],
  ['a short window that is too long', 'MarketplaceApiErrorsBurnFast', 'expr', /rate5m/, 'rate30m', /not a twelfth/],
  ['a burn rate that does not fit', 'MarketplaceApiErrorsBurnSteady', 'expr', /\(6 \*/g, '(7 *', /does not spend/],
  ['another budget', 'MarketplaceApiErrorsBurnSlow', 'expr', /0\.0005/g, '0.005', /the budget is/],
  ['a label that says something else', 'MarketplaceApiErrorsBurnSlow', 'labels.burn_rate', /.+/, '2', /labels say/],
  ['a recording over another window', 'marketplace:api_errors:ratio_rate1h', 'expr', /\[1h\]/, '[2h]', /looks at 2h/],
  ['a runbook that is not there', 'MarketplaceSagaStuck', 'annotations.runbook', /#.*/, '#nowhere', /does not exist/],
];

const series = exportedSeries();
const unnoticed = MISTAKES.filter(([, name, field, pattern, replacement, expected]) => {
  const rules = structuredClone(readRules());
  const rule = rules.find((candidate) => [candidate.alert, candidate.record].includes(name));
  const keys = field.split('.');
  const last = keys.pop();
  const target = keys.reduce((value, key) => value[key], rule);
  const changed = target[last].replace(pattern, replacement);
  if (changed === target[last]) throw new Error(`the probe for ${field} of ${name} changes nothing`);
  target[last] = changed;
  return !problemsOf(rules, series).some((problem) => problem.startsWith(name) && expected.test(problem));
});
for (const [what] of unnoticed) console.error(`not noticed: ${what}`);
console.log(`${MISTAKES.length} mistakes planted, ${unnoticed.length} not noticed`);
process.exitCode = unnoticed.length > 0 ? 1 : 0;
