// The parts of Leaflet that maps are drawn with, bundled at set-up (see package.json).

export {
  Control,
  DivIcon,
  LatLngBounds,
  LayerGroup,
  Map,
  Marker,
  Polyline,
  SVG,
  TileLayer,
} from "leaflet/dist/leaflet-src.esm.js";
