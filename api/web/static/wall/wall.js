// The map and the clock of the wall. The map is drawn once; what changes is read from the table
// beside it, which the page keeps true, and put onto the nodes that stand.

import { now, ZONE_MS } from "../server_time.js";

const EDGE = [28, 28];
const TICK_MS = 1000;
const { DivIcon, LatLngBounds, Map: LeafletMap, Marker, Polyline, SVG } = globalThis.leaflet ?? {};
const ground = document.getElementById("wall-map");
const shown = document.getElementById("wall-clock");
const day = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "full",
  timeZone: "UTC",
});
const spots = new Map();

function text(className, said = "") {
  const node = document.createElement("span");
  node.className = className;
  node.append(document.createTextNode(said));
  return node;
}

function placed(map, [longitude, latitude], className, ...nodes) {
  const html = document.createElement("div");
  html.append(...nodes);
  const icon = new DivIcon({ html, className, iconSize: null });
  new Marker([latitude, longitude], { icon, interactive: false, keyboard: false }).addTo(map);
  return html;
}

function draw(map, { properties: { kind, id, name }, geometry: { coordinates } }) {
  if (kind === "river") {
    const line = coordinates.map(([longitude, latitude]) => [latitude, longitude]);
    new Polyline(line, {
      className: "wall-river",
      interactive: false,
      renderer: map.options.renderer,
    }).addTo(map);
    placed(map, coordinates.at(-1), "wall-river-name", text("name", name));
    return;
  }
  if (kind === "town") {
    placed(map, coordinates, "wall-town", text("name", name));
    return;
  }
  const spot = document.createElement("i");
  const label = text("label");
  placed(map, coordinates, `wall-station ${kind}`, spot, label);
  spots.set(id, { spot, label: label.firstChild, name });
}

// A class and a text node each; nothing is added and nothing removed.
function mark() {
  for (const row of document.querySelectorAll("#wall-stations [data-mark]")) {
    const found = spots.get(row.dataset.key);
    if (!found) continue;
    const { mark: kind } = row.dataset;
    const quiet = kind === "calm";
    const className = `spot ${kind}`;
    const said = quiet ? "" : `${row.cells[1].textContent} ${row.cells[2].textContent}`;
    if (found.spot.className !== className) found.spot.className = className;
    if (found.label.data !== said) found.label.data = said;
    found.spot.closest(".wall-station").classList.toggle("marked", !quiet);
  }
}

function whole(features) {
  const points = features.flatMap(({ geometry: { type, coordinates } }) =>
    type === "Point" ? [coordinates] : coordinates,
  );
  return new LatLngBounds(points.map(([longitude, latitude]) => [latitude, longitude]));
}

async function begin() {
  const answer = await fetch(ground.dataset.geography);
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const { features } = await answer.json();
  const map = new LeafletMap(ground, {
    ...{ attributionControl: false, zoomControl: false, zoomSnap: 0, zoomAnimation: false },
    ...{ dragging: false, touchZoom: false, scrollWheelZoom: false, doubleClickZoom: false },
    ...{ boxZoom: false, keyboard: false, fadeAnimation: false, markerZoomAnimation: false },
    renderer: new SVG({ padding: 1 }),
  });
  const bounds = whole(features);
  const fit = () => {
    map.invalidateSize(false);
    map.fitBounds(bounds, { padding: EDGE, animate: false });
  };
  fit();
  for (const feature of features) draw(map, feature);
  new ResizeObserver(fit).observe(ground);
  mark();
  document.addEventListener("qingyuan:renewed", mark);
}

function tick() {
  const at = new Date(now() + ZONE_MS);
  const time = at.toISOString().slice(11, 16);
  const [hours, date] = shown.children;
  if (hours.textContent === time && date.textContent) return;
  hours.textContent = time;
  date.textContent = day.format(at);
}

begin().catch(() => {
  ground.textContent = ground.dataset.failed;
});
tick();
setInterval(tick, TICK_MS);
