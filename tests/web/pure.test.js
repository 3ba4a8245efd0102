// The pages' scripts that need no browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { near, scale } from "../../api/web/static/axis.js";
import { Freshness } from "../../api/web/static/freshness.js";
import { curve, figure, judged, longest, marked } from "../../api/web/static/marks.js";
import { matches } from "../../api/web/static/matching.js";

const at = (seconds) => ({ wall: seconds * 1000, steady: seconds * 1000 });
const row = (t, value, quality = 1, cause = 0) => ({ t, value, quality, cause });

test("a page is fresh for 40 s after the server's last word", () => {
  const fresh = new Freshness(5, at(0));
  assert.equal(fresh.stale(at(40)), false);
  assert.equal(fresh.stale(at(41)), true);
  fresh.heard(9, at(41));
  assert.equal(fresh.stale(at(80)), false);
  assert.equal(fresh.last, 9);
});

test("either clock tells that a device slept", () => {
  const fresh = new Freshness(0, at(0));
  assert.equal(fresh.stale({ wall: 50e3, steady: 0 }), true);
  assert.equal(fresh.stale({ wall: 0, steady: 50e3 }), true);
});

test("a page that could not be renewed is stale though the server speaks", () => {
  const fresh = new Freshness(0, at(0));
  fresh.asked(false);
  fresh.heard(1, at(1));
  assert.equal(fresh.stale(at(1)), true);
  assert.equal(fresh.silent(at(1)), false);
  fresh.asked(true);
  assert.equal(fresh.stale(at(1)), false);
});

test("an axis holds every value between round ends", () => {
  for (let n = 0; n < 500; n += 1) {
    const values = Array.from({ length: 3 }, () => (Math.random() - 0.3) * 10 ** (n % 7));
    const { min, max, interval } = scale(values);
    assert.ok(min <= Math.min(...values) && max >= Math.max(...values));
    assert.ok((max - min) / interval <= 12);
  }
});

test("an axis begins at zero where the values are near it", () => {
  assert.deepEqual(scale([0.3, 1.9]), { min: 0, max: 2, interval: 0.5 });
  assert.equal(scale([98, 100]).min, 98);
  assert.deepEqual(scale([]), { min: 0, max: 1 });
});

test("a limit far above the curve is left out, but never the nearest", () => {
  const lines = [{ value: 1 }, { value: 20 }];
  assert.deepEqual(near(lines, [0.8]), [{ value: 1 }]);
  assert.deepEqual(near(lines, [0.01]), [{ value: 1 }]);
  assert.deepEqual(near(lines, [15]), lines);
});

test("a curve breaks after a silence and keeps every reading", () => {
  const rows = [0, 1, 2, 60, 61].map((t) => row(t * 1000, t));
  const points = curve(rows, 30e3, 0, ({ value }) => value);
  assert.deepEqual(
    points.map(([, value]) => value),
    [0, 1, 2, null, 60, 61],
  );
  assert.equal(longest({ late_after_ms: 5 }, 900, 90), 40);
});

test("a run of doubtful readings is shaded, a single one only marked", () => {
  const rows = [1, 3, 3, 3, 1, 3].map((quality, i) => row(i * 1000, 1, quality));
  const options = { least: 30e3, move: 0, floor: 0, apart: 1, colour: (name) => name };
  const [series] = marked(rows, options);
  assert.equal(series.itemStyle.borderColor, "amber");
  assert.deepEqual(series.markArea.data, [[{ xAxis: 1000 }, { xAxis: 3000 }]]);
});

test("of a plainly good reading nothing is said", () => {
  const words = { flags: { 1: "good", 3: "doubtful", 9: "missing" }, causes: { 7: "stuck" } };
  assert.equal(judged(row(0, 1), words, "{flag}: {cause}"), "");
  assert.equal(judged(row(0, 1, 3, 7), words, "{flag}: {cause}"), "doubtful: stuck");
  assert.equal(judged(row(0, null), words, "{flag}: {cause}"), "missing");
});

test("a reading below detection is shown with its limit, as the pages write it", () => {
  const of = (limit, decimals) => figure(row(0, limit / 2, 1, 14), decimals);
  assert.deepEqual(
    [of(0.02, 2), of(0.02, 3), of(0.004, 2), of(0.00004, 3), of(0.025, 2)],
    ["<0.02", "<0.020", "<0.004", "<0.00004", "<0.025"],
  );
  assert.deepEqual([of(5, 0), of(10, 0), of(0.5, 0), of(20, 1)], ["<5", "<10", "<0.5", "<20.0"]);
  assert.equal(figure(row(0, 0.01), 2), "0.01");
});

test("a reading below detection has a mark of its own and is never shaded", () => {
  const rows = [0, 1, 2, 3].map((i) => row(i * 1000, 0.01, 1, 14));
  const options = { least: 30e3, move: 0, floor: 0, apart: 1, colour: (name) => name };
  const [series] = marked(rows, options);
  assert.equal(series.itemStyle.borderColor, "teal");
  assert.deepEqual(series.markArea.data, []);
});

test("every word that is looked for must be there, in any order", () => {
  assert.ok(matches("通吕运河平潮断面 Ⅲ类", "平潮 通吕"));
  assert.ok(matches("AQI 60", "aqi"));
  assert.ok(matches("anything", "  "));
  assert.ok(!matches("通吕运河平潮断面", "平潮 空气"));
});
