/** A folder's C sources as WebAssembly, put into the bundle when it is built; named by one of them. */
declare module '*.c?wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
