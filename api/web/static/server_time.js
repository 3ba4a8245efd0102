// The server's time: that of this device may be hours off.

let heard = { server: Number(document.body.dataset.now), here: performance.now() };

export const now = () => heard.server + performance.now() - heard.here;

export function set(server) {
  heard = { server, here: performance.now() };
}

// Charts speak the district's time wherever they are looked at: UTC axis, values moved by its offset.
export const ZONE_MS = 8 * 3600e3;

// Time of day in the district; with the date where that is not today's.
export function clock(at) {
  const [day, time] = new Date(at + ZONE_MS).toISOString().slice(0, 19).split("T");
  const today = new Date(now() + ZONE_MS).toISOString().startsWith(day);
  return today ? time : `${day} ${time}`;
}
