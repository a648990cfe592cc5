import { StringDecoder } from 'node:string_decoder';

const LONGEST_LINE = 64 << 20;

/** Cuts what a program writes into lines; an incomplete last one waits for its end. */
export class LineSplitter {
  private readonly decoder = new StringDecoder('utf8');
  private parts: string[] = [];
  private length = 0;

  constructor(private readonly line: (text: string) => void, private readonly tooLong: () => void) {}

  add(chunk: Buffer): void {
    const pieces = this.decoder.write(chunk).split('\n');
    for (let i = 0; i < pieces.length; i++) {
      if (i > 0) this.flush();
      this.parts.push(pieces[i]);
      this.length += pieces[i].length;
    }
    if (this.length > LONGEST_LINE) {
      this.parts = [];
      this.length = 0;
      this.tooLong();
    }
  }

  private flush(): void {
    const text = this.parts.join('');
    this.parts = [];
    this.length = 0;
    // an empty line says nothing
    if (text.trim() !== '') this.line(text.endsWith('\r') ? text.slice(0, -1) : text);
  }
}

/** The last bytes of a stream. */
export class Tail {
  private bytes = Buffer.alloc(0);

  constructor(private readonly limit: number) {}

  add(chunk: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, chunk.subarray(-this.limit)]).subarray(-this.limit);
  }

  text(): string {
    // what was cut in the middle of a character begins after it
    const start = this.bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
    return this.bytes.subarray(Math.max(0, start)).toString('utf8');
  }
}
