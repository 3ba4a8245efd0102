import assert from "node:assert/strict";
import { test } from "node:test";

import { gcj02 } from "../../api/web/static/gcj02.js";

// Longitude and latitude, WGS 84 and GCJ-02: the published cases of eviltransform.
const KNOWN = [
  [
    [121.5272106, 31.1774276],
    [121.531541859215, 31.17530398364597],
  ],
  [
    [113.912316, 22.543847],
    [113.9171764808363, 22.540796131694766],
  ],
  [
    [116.377817, 39.911954],
    [116.38404722455657, 39.91334545536069],
  ],
];

test("places are where maps in China draw them, to a hand's breadth", () => {
  for (const [given, expected] of KNOWN) {
    gcj02(given).forEach((degrees, n) => {
      assert.ok(Math.abs(degrees - expected[n]) < 1e-6, `${degrees} is not ${expected[n]}`);
    });
  }
});
