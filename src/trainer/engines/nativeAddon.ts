import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { NativeAddon } from '../../learning/engine/native';
import { type Sentence, sentence } from '../../sentence/sentence';
import { SpokenError } from '../../sentence/spokenError';

/**
 * There is no native kernel to be had here; the message says why, as a part of a sentence. `absent`: none was made for this
 * computer, which is no fault; `unusable`: what is there cannot be used.
 */
export class NoNativeKernel extends SpokenError {
  override readonly name = 'NoNativeKernel';
  constructor(readonly code: 'absent' | 'unusable', said: Sentence) {
    super(said);
  }
}

/**
 * The kernel compiled for this computer. Its file is compared with the checksum that was written when it was built before
 * anything of it is run: what a crash or a copy cut short would take the process with it.
 *
 * @param dist folder of what was built
 * @throws NoNativeKernel
 */
export function loadNativeAddon(dist: string): NativeAddon {
  const host = `${process.platform}-${process.arch}`;
  const names = process.platform === 'linux' ? [host, `${host}-musl`] : [host];
  const present = names.filter((name) => existsSync(join(dist, 'native', `${name}.node`)));
  if (present.length === 0) throw new NoNativeKernel('absent', sentence('{0} has none for {1}', join(dist, 'native'), host));
  const reasons: Sentence[] = [];
  for (const name of present) {
    const file = join(dist, 'native', `${name}.node`);
    try {
      if (checksumOf(file) !== writtenChecksum(join(dist, 'native', `${name}.json`))) throw new SpokenError(sentence('its checksum is another'));
      return createRequire(join(dist, 'trainer.cjs'))(file) as NativeAddon;
    } catch (error) {
      reasons.push(sentence('{0} is damaged: {1}', file, error instanceof SpokenError ? error.sentence : error instanceof Error ? error.message.split('\n')[0] : String(error)));
    }
  }
  throw new NoNativeKernel('unusable', reasons[0]);
}

function checksumOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function writtenChecksum(file: string): unknown {
  const facts: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof facts === 'object' && facts !== null && 'sha256' in facts ? facts.sha256 : undefined;
}
