// Stations on a map. How they stand is read from the marks beside it, which the page
// keeps true. Stations that would lie over one another are one symbol with their number, and a name
// stands where it covers nothing; the worst station comes first in both.

import { at, districtMap, overlaps, placed, text } from "./district_map.js";

const { Control, LatLngBounds, LayerGroup } = globalThis.leaflet ?? {};
const NEAR_PX = 32;
const CLOSEST = 17;
const APART_PX = 34;
const LINE_PX = 18;
const GAP_PX = 4;
const STANDINGS = ["polluted", "worse", "silent", "invalid", "calm"];
const ground = document.getElementById("map");
const marks = document.getElementById("marks");
const pen = document.createElement("canvas").getContext("2d");

function standing() {
  return [...marks.children]
    .map(({ dataset, textContent }) => ({ ...dataset, said: textContent }))
    .sort((one, other) => STANDINGS.indexOf(one.standing) - STANDINGS.indexOf(other.standing));
}

function width(lines) {
  return Math.max(...lines.map((line) => pen.measureText(line).width)) + GAP_PX;
}

function box(left, top, wide, high) {
  return { left, top, right: left + wide, bottom: top + high };
}

function around({ x, y }) {
  return box(x - NEAR_PX / 2, y - NEAR_PX / 2, NEAR_PX, NEAR_PX);
}

function sides({ x, y }, lines) {
  const [wide, high, half] = [width(lines), LINE_PX * lines.length, NEAR_PX / 2];
  return {
    right: box(x + half, y - high / 2, wide, high),
    left: box(x - half - wide, y - high / 2, wide, high),
    below: box(x - wide / 2, y + half, wide, high),
    above: box(x - wide / 2, y - half - high, wide, high),
  };
}

// The first of the sides, with its room, on which a name is within the map and covers nothing.
function free(rooms, taken, { x, y }) {
  return Object.entries(rooms).find(
    ([, room]) =>
      room.left >= 0 &&
      room.top >= 0 &&
      room.right <= x &&
      room.bottom <= y &&
      !taken.some((other) => overlaps(room, other)),
  );
}

// Groups of stations of which the first is the worst. Whoever would stand where a station that is
// not well has its name belongs to that one. At the closest view none hides another.
function groups(map, stations) {
  const found = [];
  const size = map.getSize();
  for (const station of stations) {
    const spot = map.latLngToContainerPoint(station.point);
    const own = around(spot);
    const near = found.find(({ kept }) => kept.some((room) => overlaps(room, own)));
    if (near && map.getZoom() < CLOSEST) {
      near.members.push(station);
      continue;
    }
    const group = {
      spot: near ? spot.add([APART_PX, 0]) : spot,
      worst: station,
      members: [station],
    };
    const name = [`${station.area} ${station.said}`, ground.dataset.cluster];
    const room = station.standing !== "calm" && free(sides(group.spot, name), [], size);
    group.kept = [around(group.spot), ...(room ? [room[1]] : [])];
    found.push(group);
  }
  return found;
}

function symbol({ worst, members }) {
  const link = document.createElement("a");
  link.className = worst.standing === "polluted" ? "marker polluted" : "marker";
  link.tabIndex = -1;
  link.draggable = false;
  link.title = members.map(({ name }) => name).join("\n");
  if (members.length > 1) {
    link.append(text("many", members.length));
  } else {
    link.href = ground.dataset.stations + worst.key;
    link.append(document.getElementById(`symbol-${worst.kind}`).content.cloneNode(true));
  }
  return link;
}

function lines({ worst, members }) {
  const many = ground.dataset.cluster.replace("{n}", members.length);
  if (members.length === 1) return [worst.area, worst.said];
  return [worst.standing === "calm" ? worst.said : `${worst.area} ${worst.said}`, many];
}

function draw(map, layer, stations) {
  layer.clearLayers();
  pen.font = `600 ${LINE_PX * 0.78}px ${getComputedStyle(document.body).fontFamily}`;
  const found = groups(map, stations);
  const taken = found.map(({ spot }) => around(spot));
  const { left, top } = ground.getBoundingClientRect();
  for (const other of ground.querySelectorAll(".river-name .name, .leaflet-control-zoom")) {
    other.classList.remove("covered");
    const { x, y, width: wide, height: high } = other.getBoundingClientRect();
    const room = box(x - left, y - top, wide, high);
    const covered = other.matches(".name") && taken.some((symbol) => overlaps(room, symbol));
    other.classList.toggle("covered", covered);
    if (!covered) taken.push(room);
  }
  for (const group of found) {
    const said = lines(group);
    const beside = free(sides(group.spot, said), taken, map.getSize());
    const link = symbol(group);
    if (beside) {
      const [side, room] = beside;
      taken.push(room);
      const label = text(`said ${side}`);
      label.append(text("first", said[0]), text("second", said[1]));
      link.append(label);
    }
    if (group.members.length > 1) {
      const bounds = new LatLngBounds(group.members.map(({ point }) => point));
      link.addEventListener("click", () => map.fitBounds(bounds, { padding: [60, 60] }));
    }
    placed(
      layer,
      map.containerPointToLatLng(group.spot),
      `station-mark tone-${group.worst.tone}`,
      link,
    );
  }
}

async function begin() {
  const { zoomIn, zoomOut } = ground.dataset;
  const touched = matchMedia("(pointer: coarse)").matches;
  const { map, stations } = await districtMap(
    ground,
    {
      ...{ zoomControl: false, scrollWheelZoom: false, maxZoom: CLOSEST, dragging: !touched },
    },
    "some" in ground.dataset ? standing().map(({ key }) => key) : undefined,
  );
  const control = { zoomInTitle: zoomIn, zoomOutTitle: zoomOut, position: "bottomright" };
  new Control.Zoom(control).addTo(map);
  const fitted = map.getZoom();
  map.setMinZoom(fitted - 1);
  const layer = new LayerGroup().addTo(map);
  const known = new Map(
    stations.map((feature) => [
      feature.properties.id,
      { ...feature.properties, point: at(feature) },
    ]),
  );
  const again = () =>
    draw(
      map,
      layer,
      standing().map((mark) => ({ ...known.get(mark.key), ...mark })),
    );
  let drawn = "";
  const renew = () => {
    const next = JSON.stringify(standing());
    if (next !== drawn) again();
    drawn = next;
  };
  map.on("moveend", again);
  // A finger scrolls the page over a map that shows all of the district.
  if (touched) {
    map.on("zoomend", () => map.dragging[map.getZoom() > fitted + 0.1 ? "enable" : "disable"]());
  }
  renew();
  document.addEventListener("qingyuan:renewed", renew);
}

begin().catch(() => {
  ground.textContent = ground.dataset.failed;
});
