export { editDistance, nearest } from '../../domain/nearest.js';
