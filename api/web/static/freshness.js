// Whether what a page shows may still be so: it was renewed without fault, and the server spoke
// within the last 40 s. Instants are those of two clocks of this device, ms: a device that slept
// may have stopped the steady one, and a person may have set the wall clock.

const SILENT_MS = 40e3;

export class Freshness {
  #word;
  #failed = false;

  constructor(server, clocks) {
    this.heard(server, clocks);
  }

  // The server spoke: its own time, UTC epoch ms.
  heard(server, clocks) {
    this.#word = { server, ...clocks };
  }

  // Whether asking for news went well.
  asked(well) {
    this.#failed = !well;
  }

  silent({ wall, steady }) {
    return Math.max(wall - this.#word.wall, steady - this.#word.steady) > SILENT_MS;
  }

  stale(clocks) {
    return this.#failed || this.silent(clocks);
  }

  // The server's time of its last word.
  get last() {
    return this.#word.server;
  }
}
