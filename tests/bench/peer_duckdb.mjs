// SPDX-License-Identifier: EUPL-1.2
// DuckDB on the comparison workload.
//   node peer_duckdb.mjs load FILE LINES.csv    makes the sorted table
//   node peer_duckdb.mjs ask FILE REPEATS       prints "Q1 MILLISECONDS TOTALS" a question
import { createRequire } from 'node:module';
import { existsSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';

// A module is looked for beside the script; the package is installed elsewhere.
const { DuckDBInstance } = createRequire(`${process.env.DUCKDB_MODULES}/`)('@duckdb/node-api');

const columns = `{id: 'UINTEGER', organisation: 'USMALLINT', cpv: 'UINTEGER', nuts: 'VARCHAR',
  nuts_number: 'USMALLINT', month: 'UTINYINT', track: 'UTINYINT', quantity_min: 'UINTEGER',
  quantity: 'UINTEGER', price_cents: 'UINTEGER', from_day: 'UINTEGER', to_day: 'UINTEGER',
  language: 'VARCHAR'}`;

// CPV from and to, prefix of NUTS, months from and to, tracks from and to.
const questions = {
  Q1: [10111000, 10111999, 'NL2', 6, 6, 0, 0],
  Q2: [10000000, 10099999, 'NL', 0, 11, 0, 1],
  Q3: [10000000, 10999999, '', 0, 35, 0, 1],
  Q4: [0, 99999999, '', 0, 35, 0, 1],
};

async function load(file, csv) {
  for (const path of [file, `${file}.wal`]) if (existsSync(path)) rmSync(path);
  const db = await DuckDBInstance.create(file);
  const connection = await db.connect();
  await connection.run(`CREATE TABLE arrived AS
    SELECT * FROM read_csv('${csv}', header = false, columns = ${columns})`);
  await connection.run(`CREATE TABLE codes AS SELECT DISTINCT nuts, nuts_number FROM arrived`);
  await connection.run(`CREATE TABLE volume AS
    SELECT * EXCLUDE (nuts, language) FROM arrived ORDER BY cpv, nuts_number`);
  await connection.run('DROP TABLE arrived');
  await connection.run('CHECKPOINT');
  connection.closeSync();
}

async function statement(connection, [cpv1, cpv2, nuts, month1, month2, track1, track2]) {
  const conditions = [];
  if (cpv1 > 0) conditions.push(`cpv BETWEEN ${cpv1} AND ${cpv2}`);
  if (nuts) {
    const rows = (await connection.runAndReadAll(`SELECT min(nuts_number), max(nuts_number)
      FROM codes WHERE starts_with(nuts, '${nuts}')`)).getRows();
    conditions.push(`nuts_number BETWEEN ${rows[0][0]} AND ${rows[0][1]}`);
  }
  if (month2 - month1 < 35) conditions.push(`month BETWEEN ${month1} AND ${month2}`);
  if (track1 === track2) conditions.push(`track = ${track1}`);
  return `SELECT month, track, count(*) lines, sum(quantity_min) quantity_min,
    sum(quantity) quantity, sum(quantity::UBIGINT * price_cents) value_cents,
    count(DISTINCT organisation) organisations FROM volume
    ${conditions.length ? `WHERE ${conditions.join(' AND ')}` : ''} GROUP BY month, track`;
}

async function ask(file, repeats) {
  const db = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const connection = await db.connect();
  await connection.run(`SET threads = ${availableParallelism()}`);
  for (const [name, question] of Object.entries(questions)) {
    const text = await statement(connection, question);
    const totals = (await connection.runAndReadAll(`SELECT sum(lines), sum(quantity_min),
      sum(quantity), sum(value_cents), sum(organisations) FROM (${text})`)).getRows();
    const prepared = await connection.prepare(text);
    const times = [];
    for (let i = 0; i <= repeats; i++) {
      const begin = process.hrtime.bigint();
      await prepared.runAndReadAll();
      if (i > 0) times.push(Number(process.hrtime.bigint() - begin) / 1e6);
    }
    times.sort((a, b) => a - b);
    console.log(name, times[times.length >> 1].toFixed(4), totals[0].join('|'));
  }
}

const [command, file, argument] = process.argv.slice(2);
await (command === 'load' ? load(file, argument) : ask(file, Number(argument)));
