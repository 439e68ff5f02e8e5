import { it } from 'vitest';
import { runSeed } from './scaling/run-seed.js';
it('x', async () => { const bad: string[] = []; for (let s = 1; s <= 1500; s++) { const { violation } = await runSeed(s); if (violation !== null) bad.push(`${s} ${violation}`); } console.log(bad.join('\n') || 'none'); }, 300000);
