import { readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'vitest';
import { signal } from './process-table.js';
import { startStowage, modelsFolder, until } from './stowage-process.js';
import { streamCompletion } from './completion-stream.js';

const rows = ['block', 'flow', 'inline'].map((t) =>
  readFileSync(path.join(modelsFolder, 'prompts', `test-${t}.jsonl`), 'utf8').trim().split('\n').map((l) => JSON.parse(l) as any));
const model = process.env.MODEL ?? 'apex-target-Q8_0.gguf';
const batch = Number(process.env.BATCH ?? 4);
const copies = Number(process.env.COPIES ?? 1);
const rounds = Number(process.env.ROUNDS ?? 6);
const yaml = `
endpoint: apexguru
routing: LEAST_OUTSTANDING_REQUESTS
components:
  one:
    model: ${modelsFolder}/${model}
    copies: ${copies}
    options: { max_rolling_batch_size: ${batch}, allow_special_tokens: true }
`;
it('explore', async () => {
  let server = await startStowage({ yaml });
  let same = 0, total = 0, sameB = 0, firstDiffs: string[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round > 0) { await server.stop(); server = await startStowage({ yaml }); }
    const bodies = Array.from({ length: batch }, (_, i) => {
      const kind = (round + i) % Number(process.env.KINDS ?? 3), row = rows[kind]![(round * batch + i) % 300];
      const prompt = kind === 2 ? `<|fim_suffix|>${row.s}<|fim_prefix|>${row.p}<|fim_middle|>` : `<|${row.task}|>${row.prompt}<|out|>`;
      return { model: 'one', prompt, max_tokens: 120, ignore_eos: true, ...(i % 2 === 0 ? { temperature: 0 } : { temperature: 0.8, seed: 100 + i }) };
    });
    const run = () => Promise.all(bodies.map((b) => streamCompletion(server, b)));
    const t: number[] = [performance.now()]; const a = await run(); t.push(performance.now()); const b = await run(); t.push(performance.now());
    let count = 0;
    const marks = [20, 60, 90].map((m) => m * batch);
    let kills = 0;
    const c = await Promise.all(bodies.map((b) => streamCompletion(server, b, (p) => {
      count += p.tokens.length;
      if (kills < marks.length && count >= marks[kills]!) { kills++; const [pid] = server.workers(); if (pid) signal(pid, 'SIGKILL'); }
    })));
    t.push(performance.now()); console.log("round ms", t.slice(1).map((x, i) => Math.round(x - t[i]!)).join(" "));
    for (let i = 0; i < batch; i++) {
      total++;
      if (a[i]!.tokens.join() === b[i]!.tokens.join()) sameB++;
      if (c[i]!.error) console.log('ERR', c[i]!.error);
      if (a[i]!.tokens.join() === c[i]!.tokens.join()) same++;
      else { const at = a[i]!.tokens.findIndex((t, k) => t !== c[i]!.tokens[k]); firstDiffs.push(`round ${round} stream ${i} at ${at} (${c[i]!.error ?? ''} ${c[i]!.tokens.length})`); }
    }
  }
  console.log(model, 'batch', batch, `A=B ${sameB}/${total}  A=C ${same}/${total}`, firstDiffs.join('; '));
  const metrics = await (await fetch(server.url + '/metrics', { headers: { authorization: `Bearer ${server.key}` } })).text();
  console.log(metrics.split('\n').filter((l) => /resumed_total|exits_total|requests_total/.test(l) && !l.startsWith('#')).join('\n'));
  console.log(await server.stop());
}, 300000);
