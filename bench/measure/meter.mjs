// Everything that is read before and after a round, of the service or of its floor.
import { cpuOf, cpuWithChildren } from './cpu.mjs';
import { rowCounts, rowsEach, statementsEach, statementTimes, work } from './database.mjs';

/**
 * Runs `round`, which resolves to `{ operations, … }`, and adds what each operation cost: CPU of replicas and
 * PostgreSQL, transactions that wrote, statements, and these one by one. `rows` are left behind by table; counting them reads every table.
 */
export async function metered(stage, round, { rows = true } = {}) {
  const before = await reading(stage, rows);
  const figures = await round();
  const after = await reading(stage, rows);
  const each = (name) => (after[name] - before[name]) / figures.operations;
  return {
    figures: { ...figures, writesEach: each('writes'), statementsEach: each('statements'), replicaCpuMsEach: each('replicaCpu'), postgresCpuMsEach: each('postgresCpu'), sandboxCpuMsEach: each('sandboxCpu') },
    rows: rowsEach(before.rows, after.rows, figures.operations),
    statements: statementsEach(before.times, after.times, figures.operations),
  };
}

async function reading({ sql, replicas, sandbox, postgres }, rows) {
  return {
    rows: rows ? await rowCounts(sql) : {},
    ...(await work(sql)),
    times: await statementTimes(sql),
    replicaCpu: replicas.reduce((sum, { pid }) => sum + (cpuOf(pid) ?? Number.NaN), 0),
    sandboxCpu: cpuOf(sandbox.pid) ?? Number.NaN,
    postgresCpu: cpuWithChildren(postgres.pid) ?? Number.NaN,
  };
}
