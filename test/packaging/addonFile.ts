/** What a shared library says of itself in its own file: for which processor it is, what it offers and what it asks for. */
export interface AddonFacts {
  readonly format: 'elf' | 'mach-o' | 'pe';
  readonly architecture: 'x64' | 'arm64';
  readonly exported: readonly string[];
  /** names of functions that somebody else must have; on Linux with the version that is asked for */
  readonly imported: readonly string[];
  /** libraries that it loads */
  readonly libraries: readonly string[];
  /** versions of them that it asks for, on Linux */
  readonly versions: readonly string[];
}

/** @throws Error when the file is none of the three formats for 64-bit processors */
export function readAddonFile(bytes: Buffer): AddonFacts {
  const magic = bytes.readUInt32LE(0);
  if (magic === 0x464c457f) return readElf(bytes);
  if (magic === 0xfeedfacf) return readMachO(bytes);
  if ((magic & 0xffff) === 0x5a4d) return readPe(bytes);
  throw new Error(`No known format begins with ${magic.toString(16)}.`);
}

function architectureOf(number: number, x64: number, arm64: number): AddonFacts['architecture'] {
  if (number !== x64 && number !== arm64) throw new Error(`An unknown processor: ${number.toString(16)}.`);
  return number === x64 ? 'x64' : 'arm64';
}

function textAt(bytes: Buffer, offset: number): string {
  return bytes.toString('latin1', offset, bytes.indexOf(0, offset));
}

function readElf(bytes: Buffer): AddonFacts {
  const wordAt = (offset: number): number => Number(bytes.readBigUInt64LE(offset));
  const table = wordAt(0x28);
  const sections = Array.from({ length: bytes.readUInt16LE(0x3c) }, (_, index) => {
    const at = table + 64 * index;
    return { type: bytes.readUInt32LE(at + 4), offset: wordAt(at + 24), size: wordAt(at + 32), link: bytes.readUInt32LE(at + 40) };
  });
  const section = (type: number) => sections.find((one) => one.type === type);
  const entries = (type: number, size: number): { readonly at: number; readonly strings: number }[] => {
    const found = section(type);
    return found === undefined ? [] : Array.from({ length: found.size / size }, (_, index) => ({ at: found.offset + size * index, strings: sections[found.link].offset }));
  };
  const versions = versionNames(bytes, section(0x6ffffffe), sections);
  const versionOf = section(0x6fffffff)?.offset;
  const symbols = entries(11, 24).map(({ at, strings }, index) => {
    const version = versionOf === undefined ? undefined : versions.get(bytes.readUInt16LE(versionOf + 2 * index) & 0x7fff);
    return { name: `${textAt(bytes, strings + bytes.readUInt32LE(at))}${version === undefined ? '' : `@${version}`}`, global: bytes[at + 4] >> 4 === 1, defined: bytes.readUInt16LE(at + 6) !== 0 };
  });
  const named = symbols.filter(({ name, global }) => global && name !== '');
  return {
    format: 'elf',
    architecture: architectureOf(bytes.readUInt16LE(18), 62, 183),
    exported: named.filter(({ defined }) => defined).map(({ name }) => name),
    imported: named.filter(({ defined }) => !defined).map(({ name }) => name),
    libraries: entries(6, 16).filter(({ at }) => wordAt(at) === 1).map(({ at, strings }) => textAt(bytes, strings + wordAt(at + 8))),
    versions: [...versions.values()],
  };
}

/** Versions that are asked for of the libraries, by their number in the file. */
function versionNames(bytes: Buffer, needs: { readonly offset: number; readonly link: number } | undefined, sections: readonly { readonly offset: number }[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  if (needs === undefined) return names;
  for (let at = needs.offset, step = -1; step !== 0; at += step) {
    step = bytes.readUInt32LE(at + 12);
    for (let of = at + bytes.readUInt32LE(at + 8), next = -1; next !== 0; of += next) {
      next = bytes.readUInt32LE(of + 12);
      names.set(bytes.readUInt16LE(of + 6), textAt(bytes, sections[needs.link].offset + bytes.readUInt32LE(of + 8)));
    }
  }
  return names;
}

function readMachO(bytes: Buffer): AddonFacts {
  const names = { exported: [] as string[], imported: [] as string[] };
  const libraries: string[] = [];
  for (let at = 32, left = bytes.readUInt32LE(16); left > 0; left--, at += bytes.readUInt32LE(at + 4)) {
    const command = bytes.readUInt32LE(at);
    if (command === 0xc) libraries.push(textAt(bytes, at + bytes.readUInt32LE(at + 8)));
    if (command !== 2) continue;
    const [symbols, count, strings] = [8, 12, 16].map((offset) => bytes.readUInt32LE(at + offset));
    for (let symbol = symbols; symbol < symbols + 16 * count; symbol += 16) {
      const kind = bytes[symbol + 4];
      const hidden = (kind & 0xe0) !== 0 || (kind & 0x10) !== 0 || (kind & 1) === 0;
      if (!hidden) names[(kind & 0xe) === 0 ? 'imported' : 'exported'].push(textAt(bytes, strings + bytes.readUInt32LE(symbol)).replace(/^_/, ''));
    }
  }
  return { format: 'mach-o', architecture: architectureOf(bytes.readUInt32LE(4), 0x1000007, 0x100000c), ...names, libraries, versions: [] };
}

function readPe(bytes: Buffer): AddonFacts {
  const header = bytes.readUInt32LE(0x3c) + 4;
  const optional = header + 20;
  const firstSection = optional + bytes.readUInt16LE(header + 16);
  const sections = Array.from({ length: bytes.readUInt16LE(header + 2) }, (_, index) => firstSection + 40 * index);
  const placeOf = (address: number): number => {
    const section = sections.find((at) => address >= bytes.readUInt32LE(at + 12) && address < bytes.readUInt32LE(at + 12) + bytes.readUInt32LE(at + 16));
    if (section === undefined) throw new Error(`Address ${address} is in no section.`);
    return address - bytes.readUInt32LE(section + 12) + bytes.readUInt32LE(section + 20);
  };
  const directory = (index: number): number => placeOf(bytes.readUInt32LE(optional + 112 + 8 * index));
  const exports = directory(0);
  const exportNames = placeOf(bytes.readUInt32LE(exports + 32));
  const libraries: string[] = [];
  const imported: string[] = [];
  for (let at = directory(1); bytes.readUInt32LE(at + 12) !== 0; at += 20) {
    libraries.push(textAt(bytes, placeOf(bytes.readUInt32LE(at + 12))));
    for (let entry = placeOf(bytes.readUInt32LE(at)); bytes.readBigUInt64LE(entry) !== 0n; entry += 8) imported.push(textAt(bytes, placeOf(Number(bytes.readBigUInt64LE(entry))) + 2));
  }
  return {
    format: 'pe',
    architecture: architectureOf(bytes.readUInt16LE(header), 0x8664, 0xaa64),
    exported: Array.from({ length: bytes.readUInt32LE(exports + 24) }, (_, index) => textAt(bytes, placeOf(bytes.readUInt32LE(exportNames + 4 * index)))),
    imported, libraries, versions: [],
  };
}
