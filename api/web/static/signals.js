// What a rule sees of the past where it is not the readings themselves: a line, steps, single
// points, or lanes of states. A row is { name, step_ms, t, value }.

const GAP = 2.5,
  FEW = 150;

// The series of ECharts of a signal, and the axis of its values where that has names. A line
// breaks where something is missing: `apart` ms are drawn as one point.
export function signalled({ rows, causes }, shape, { move, to, apart, colour }) {
  if (shape === "lanes") return lanes(rows, causes, { move, to, colour });
  const [{ t, value, step_ms: step }] = rows,
    data = [];
  const points = shape === "points",
    gap = Math.max(GAP * step, 2 * apart);
  t.forEach((at, i) => {
    if (i && shape !== "steps" && at - t[i - 1] > gap) data.push([t[i - 1] + step + move, null]);
    data.push([at + move, value[i]]);
  });
  const line = { width: points ? 0 : 1.6, color: colour("teal") };
  const steps = { steps: "end", ends: "start" }[shape] ?? false;
  return {
    series: [
      {
        type: "line",
        data,
        step: steps,
        symbol: "circle",
        symbolSize: 6,
        showSymbol: points || (t.length < FEW && !steps),
        lineStyle: line,
        itemStyle: { color: colour("teal") },
      },
    ],
  };
}

// One lane an indicator, thick while its instrument is in a state.
function lanes(rows, causes, { move, to, colour }) {
  const series = rows.map(({ t, value }, lane) => ({
    type: "line",
    showSymbol: false,
    lineStyle: { width: 9, color: colour("teal") },
    itemStyle: { color: colour("teal") },
    data: t.flatMap((at, i) =>
      value[i]
        ? [
            [at + move, lane, causes[value[i]]],
            [(t[i + 1] ?? to) + move, lane, causes[value[i]]],
            [(t[i + 1] ?? to) + move, null],
          ]
        : [],
    ),
  }));
  return {
    series,
    yAxis: {
      type: "category",
      data: rows.map(({ name }) => name),
      min: 0,
      max: rows.length - 1,
      boundaryGap: true,
    },
  };
}

// What stands under the pointer.
export function hovered(points, { decimals, unit }) {
  const {
    value: [at, value, words],
  } = points.find((point) => point.value[1] !== null) ?? points[0];
  const time = new Date(at).toISOString().slice(0, 16).replace("T", " ");
  const text =
    words ??
    (value === null || value === undefined ? "—" : `${Number(value).toFixed(decimals)} ${unit}`);
  const box = document.createElement("div");
  box.append(
    ...[
      ["b", text],
      ["div", time],
    ].map(([tag, textContent]) => Object.assign(document.createElement(tag), { textContent })),
  );
  return box;
}
