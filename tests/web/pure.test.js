// The pages' scripts that need no browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { labelled, near, scale } from "../../api/web/static/axis.js";
import { Freshness } from "../../api/web/static/freshness.js";
import { ends, moved, zoomed } from "../../api/web/static/chart/views.js";
import { FEW, curve, figure, judged, longest, marked, plain } from "../../api/web/static/marks.js";
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

test("labels of limits never lie over one another", () => {
  const axis = { min: 0, max: 10 };
  const lines = [{ value: 5 }, { value: 5.1 }, { value: 5.2 }, { value: 9 }];
  assert.deepEqual(labelled(lines, axis, 200), [null, "end", "start", "start"]);
});

test("a span is zoomed about a point, moved, and never reaches ahead of now", () => {
  const now = 1e12,
    hour = 3600e3;
  assert.deepEqual(ends({ from: null, to: null, hours: 6 }, now), [now - 6 * hour, now]);
  const span = [now - 4 * hour, now - 2 * hour];
  const { from, to } = zoomed(span, 0.5, 0.5, now);
  assert.deepEqual([from, to], [now - 3.5 * hour, now - 2.5 * hour]);
  assert.equal(moved(span, -0.5, now).to, now - 3 * hour);
  const last = moved(span, 5, now);
  assert.deepEqual([last.from, last.to], [now - 2 * hour, null]);
  const [begin, end] = ends(zoomed(span, 1e9, 0, now), now);
  assert.equal(end - begin, 400 * 24 * hour);
  assert.equal(zoomed(span, 0, 1, now).to - zoomed(span, 0, 1, now).from, 60e3);
});

test("a mean of too few readings stands apart and breaks the curve", () => {
  const mean = { ...row(0, 1), enough: false };
  assert.equal(plain(mean), null);
  assert.equal(plain(row(0, 1)), 1);
  const words = { flags: { 1: "good", [FEW]: "few" }, causes: {} };
  assert.equal(judged(mean, words, ""), "few");
  assert.equal(longest({ late_after_ms: 5, drawn: "day" }, 900, 90), 1.5 * 86400e3);
});
