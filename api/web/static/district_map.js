// A district drawn with Leaflet: rivers and towns by the coordinates of the catalogue. How a
// station is drawn is the page's. Where a setting names tiles they lie beneath, and all is drawn in
// their datum; else nothing is asked of any other server.

import { gcj02 } from "./gcj02.js";

const {
  DivIcon,
  LatLngBounds,
  Map: LeafletMap,
  Marker,
  Polyline,
  SVG,
  TileLayer,
} = globalThis.leaflet ?? {};
const CLOSEST_FIT = 14;
const EDGE = [28, 28];
const MOTIONLESS = { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false };

export function text(className, said = "") {
  const node = document.createElement("span");
  node.className = className;
  node.append(document.createTextNode(said));
  return node;
}

export function at({ geometry: { coordinates } }) {
  const [longitude, latitude] = coordinates;
  return [latitude, longitude];
}

export function overlaps(one, other) {
  return (
    one.left < other.right &&
    other.left < one.right &&
    one.top < other.bottom &&
    other.top < one.bottom
  );
}

export function placed(layer, point, className, ...nodes) {
  const html = document.createElement("div");
  html.append(...nodes);
  const icon = new DivIcon({ html, className, iconSize: null });
  new Marker(point, { icon, interactive: false, keyboard: false }).addTo(layer);
  return html;
}

function drawRiver(map, { properties: { name }, geometry: { coordinates } }, named) {
  const line = coordinates.map(([longitude, latitude]) => [latitude, longitude]);
  const { renderer } = map.options;
  new Polyline(line, { className: "river", interactive: false, renderer }).addTo(map);
  if (named) placed(map, line.at(-1), "river-name", text("name", name));
}

function whole(features) {
  const points = features.flatMap(({ geometry: { type, coordinates } }) =>
    type === "Point" ? [coordinates] : coordinates,
  );
  return new LatLngBounds(points.map(([longitude, latitude]) => [latitude, longitude]));
}

function inDatum(feature, datum) {
  if (datum !== "gcj02") return feature;
  const { type, coordinates } = feature.geometry;
  const moved = type === "Point" ? gcj02(coordinates) : coordinates.map(gcj02);
  return { ...feature, geometry: { type, coordinates: moved } };
}

// The map, fitted to the district, or to some of its stations, as long as nobody moved it, and the
// features of stations.
export async function districtMap(ground, options, within) {
  const { tiles, attribution, datum } = ground.dataset;
  const answer = await fetch(ground.dataset.geography);
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const features = (await answer.json()).features.map((feature) => inDatum(feature, datum));
  const of = (...kinds) => features.filter(({ properties: { kind } }) => kinds.includes(kind));
  const renderer = new SVG({ padding: 1 });
  const map = new LeafletMap(ground, {
    ...{ attributionControl: Boolean(tiles), zoomSnap: tiles ? 1 : 0, renderer },
    ...{ ...MOTIONLESS, ...options },
  });
  if (tiles) {
    map.attributionControl.setPrefix(false);
    new TileLayer(tiles, { attribution, maxZoom: 18 }).addTo(map);
  }
  const shown = features.filter(({ properties: { id } }) => within?.includes(id));
  const bounds = whole(shown.length ? shown : features);
  let moved = false;
  const move = () => {
    moved = true;
  };
  for (const name of ["pointerdown", "keydown"]) ground.addEventListener(name, move);
  const fit = () => {
    map.invalidateSize(false);
    if (!moved) map.fitBounds(bounds, { padding: EDGE, animate: false, maxZoom: CLOSEST_FIT });
  };
  fit();
  new ResizeObserver(fit).observe(ground);
  // A name stands at the end of its river, which a map of some stations may not show.
  for (const river of of("river")) drawRiver(map, river, !shown.length);
  return { map, towns: of("town"), stations: of("water", "air") };
}
