/** Kinds of classes about prices and numbers. */
import { classKind } from '../class-kind.js';
import type { FileKind } from '../../file-kind.js';
import { conversions, numbers, numberTool, shares } from './numbers.js';
import { discountSteps, quoted } from './quotes.js';
import { lineItems, twinTotals } from './totals.js';

/** Formulas, discounts, totals, line items, tools for numbers, units and shares. */
export const priceKinds: readonly FileKind[] = [
  classKind('quoted prices', ['Pricing', 'Price', 'Calculator', 'Quote', 'Fees'], quoted, numberTool),
  classKind('discount steps', ['Discounts', 'Pricing', 'Rebates', 'Rules'], discountSteps, numberTool),
  classKind('twin totals', ['Totals', 'Summary', 'Budget', 'Costs', 'Balance'], twinTotals),
  classKind('line items', ['Lines', 'Totals', 'Pricing', 'LineHandler', 'Billing'], lineItems, numberTool),
  classKind('numbers', ['Numbers', 'Math', 'NumberUtil', 'Calc', 'Figures'], numbers),
  classKind('conversions', ['Units', 'Converter', 'Conversions', 'Measures'], conversions),
  classKind('shares', ['Shares', 'Statistics', 'Stats', 'Distribution'], shares, numberTool),
];
