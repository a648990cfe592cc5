import type { Command } from 'commander';
import { experimentJsonSchema } from '../../experiment/jsonSchema';
import { conclude, exitCodes, print, printJson } from '../output';

/** `ibrl schema`: the experiment file as JSON Schema, for editors and other tools. */
export function register(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of the experiment file')
    .option('--json', 'print it on one line')
    .action((options: { readonly json?: boolean }) =>
      conclude(options.json, () => {
        const schema = experimentJsonSchema();
        if (options.json) printJson(schema);
        else print(JSON.stringify(schema, null, 2));
        return exitCodes.done;
      }),
    );
}
