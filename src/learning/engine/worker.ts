/** Entry of a helper thread of the engine. */
import { workerData } from 'node:worker_threads';
import { help, type HelperData } from './threads';

help(workerData as HelperData);
