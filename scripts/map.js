// The parts of Leaflet that the wall draws with, bundled at set-up (see package.json).

export { DivIcon, LatLngBounds, Map, Marker, Polyline, SVG } from "leaflet/dist/leaflet-src.esm.js";
