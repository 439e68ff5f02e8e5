/** A process of `npm run simulate`. */
import { obeyOrders } from '../seed-orders.js';
import { runSeed } from './run-seed.js';

obeyOrders(runSeed);
