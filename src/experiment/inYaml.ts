/** Plain words that a reader of YAML may take for something other than text. None in use does so with `y` and `n`, which are names of variables. */
const notText = /^(true|false|null|yes|no|on|off|nan|inf)$/i;

/** A plain value as it can stand in a file, in one line, in block and flow mappings alike. */
export function inYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inYaml).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, part]) => `${word(key)}: ${inYaml(part)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  return typeof value === 'string' ? word(value) : String(Object.is(value, -0) ? '-0' : value);
}

function word(text: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(text) && !notText.test(text) ? text : JSON.stringify(text);
}
