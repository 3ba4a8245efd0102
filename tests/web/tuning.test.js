// What the tuning page reckons with.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  axisOf,
  compared,
  DAY_MS,
  lessThanAsked,
  MINUTE_MS,
  rounded,
  spans,
  stepOf,
  unitOf,
} from "../../api/web/static/tuning/figures.js";

const alert = (began_ms, resolved_ms, station = "here") => ({ station, began_ms, resolved_ms });

test("a duration is shown in the largest unit in which it is whole", () => {
  assert.deepEqual([2 * DAY_MS, 90 * MINUTE_MS, 3600e3, 1500, 0].map(unitOf), [
    DAY_MS,
    MINUTE_MS,
    3600e3,
    1e3,
    1e3,
  ]);
});

test("alerts of the station are spans, of which those that would touch are one", () => {
  const alerts = [alert(0, 100), alert(105, 200), alert(50, 60, "there"), alert(300, null)];
  assert.deepEqual(spans(alerts, "here", { to: 400, apart: 10 }), [
    [0, 200],
    [300, 400],
  ]);
});

test("a short alert is still seen", () => {
  assert.deepEqual(spans([alert(0, 1)], "here", { to: 400, apart: 10 }), [[0, 20]]);
});

const scale = (all) => ({ min: Math.min(...all), max: Math.max(...all), interval: 0.4 });

test("an axis holds values and lines", () => {
  assert.deepEqual(axisOf([1, 3], [4], { scale }), { min: 1, max: 4, interval: 0.4 });
});

test("an axis of counts begins at zero and has whole steps", () => {
  const found = axisOf([1], [1.5], { counted: true, scale });
  assert.deepEqual(found, { min: 0, max: 2, interval: 1 });
});

test("days that lie far beyond the lines do not press the others into the floor", () => {
  assert.equal(axisOf([20, 5000], [30], { days: true, scale }).max, 30);
});

test("a comparison says both figures and the difference with its sign", () => {
  assert.deepEqual(compared(1, 2.5, 1), ["1.0", "2.5", "+1.5"]);
  assert.deepEqual(compared(3, 1, 0, "/4"), ["3/4", "1/4", "−2"]);
  assert.deepEqual(compared(1, 1.001, 2), ["1.00", "1.00", "0"]);
});

test("a hand puts counts on whole numbers and figures on their decimals", () => {
  assert.equal(rounded(-0.4, { counted: true, decimals: 2 }), 0);
  assert.equal(rounded(1.6, { counted: true, decimals: 2 }), 2);
  assert.equal(rounded(1.23456, { counted: false, decimals: 2 }), 1.23);
});

test("a step is about a hundredth of the chart, and no finer than the instrument", () => {
  const fine = { counted: false, decimals: 3 };
  assert.equal(stepOf({ min: 0, max: 3 }, fine), 0.01);
  assert.equal(stepOf({ min: 0, max: 0.05 }, fine), 0.001);
  assert.equal(stepOf({ min: 0, max: 300 }, { counted: false, decimals: 0 }), 1);
  assert.equal(stepOf({ min: 0, max: 900 }, { counted: true, decimals: 0 }), 1);
});

test("a span with less data than asked for says how much it has", () => {
  assert.deepEqual(lessThanAsked(27, 30 * DAY_MS), { unit: "hours", n: 27 });
  assert.deepEqual(lessThanAsked(240, 30 * DAY_MS), { unit: "days", n: 10 });
  assert.equal(lessThanAsked(655, 30 * DAY_MS), null);
});
