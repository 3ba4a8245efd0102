// The map and the clock of the wall. The map is drawn once; what changes is read from the table
// beside it, which the page keeps true, and put onto the nodes that stand.

import { at, districtMap, overlaps, placed, text } from "../district_map.js";
import { now, ZONE_MS } from "../server_time.js";

const TICK_MS = 1000;
const MARKS = ["critical", "alarm", "warning", "notice", "unknown"];
const ground = document.getElementById("wall-map");
const shown = document.getElementById("wall-clock");
const day = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "full",
  timeZone: "UTC",
});
const spots = new Map();

function draw(map, feature) {
  const { kind, id, name } = feature.properties;
  const spot = document.createElement("i");
  const label = text("label");
  placed(map, at(feature), `wall-station ${kind}`, spot, label);
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
  untangle();
}

// The words of the graver ones are placed first, below or above their spot, where they cover nothing.
function untangle() {
  const rank = ({ spot }) => MARKS.findIndex((kind) => spot.classList.contains(kind));
  const marked = [...spots.values()]
    .filter((of) => rank(of) >= 0)
    .sort((one, other) => rank(one) - rank(other));
  const taken = marked.map(({ spot }) => spot.getBoundingClientRect());
  for (const { label } of marked) {
    const words = label.parentElement;
    const room = [false, true]
      .map((above) => {
        words.classList.toggle("above", above);
        return words.getBoundingClientRect();
      })
      .findIndex((of) => !taken.some((other) => overlaps(of, other)));
    words.classList.toggle("above", room === 1);
    words.classList.toggle("covered", room < 0);
    if (room >= 0) taken.push(words.getBoundingClientRect());
  }
}

async function begin() {
  const { map, towns, stations } = await districtMap(ground, {
    ...{ zoomControl: false, dragging: false, touchZoom: false, scrollWheelZoom: false },
    ...{ doubleClickZoom: false, boxZoom: false, keyboard: false },
  });
  for (const town of towns) {
    placed(map, at(town), "wall-town", text("name", town.properties.name));
  }
  for (const station of stations) draw(map, station);
  mark();
  document.addEventListener("qingyuan:renewed", mark);
  map.on("resize zoomend moveend", untangle);
}

function tick() {
  const local = new Date(now() + ZONE_MS);
  const time = local.toISOString().slice(11, 16);
  const [hours, date] = shown.children;
  if (hours.textContent === time && date.textContent) return;
  hours.textContent = time;
  date.textContent = day.format(local);
}

begin().catch(() => {
  ground.textContent = ground.dataset.failed;
});
tick();
setInterval(tick, TICK_MS);
