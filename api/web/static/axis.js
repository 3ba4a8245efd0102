// The axis of a chart's values. Pure.

// Ends of the axis at round figures around all that is drawn; zero where the values are near it.
export function scale(values) {
  if (!values.length) return { min: 0, max: 1 };
  const low = Math.min(...values);
  const high = Math.max(...values);
  const rough = (high - low || Math.abs(high) || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const round = (value) => Number(value.toPrecision(12));
  const floor = Math.floor(low / step) * step;
  const min = floor > 0 && floor <= 2 * step ? 0 : floor;
  const max = Math.ceil((high + step * 0.1) / step) * step;
  return { min: round(min), max: round(max), interval: round(step) };
}

// A limit far above everything would press the curve flat: the nearest one is always drawn.
export function near(lines, values) {
  const highest = Math.max(...values);
  const within = lines.filter(({ value }) => value <= highest * 2.5);
  const nearest = [...lines].sort((a, b) => a.value - b.value).slice(0, 1);
  return within.length ? within : nearest;
}

const LABEL_PX = 14;

// On which side of the chart the label of each limit stands, so that none lies over another: null
// where there is room on neither; the legend has them all.
export function labelled(lines, { min, max }, height) {
  const last = new Map([
    ["start", -Infinity],
    ["end", -Infinity],
  ]);
  const at = ({ value }) => ((max - value) / (max - min)) * height;
  const found = new Map();
  for (const line of [...lines].sort((a, b) => b.value - a.value)) {
    const side = [...last.keys()].find((of) => at(line) - last.get(of) >= LABEL_PX) ?? null;
    if (side) last.set(side, at(line));
    found.set(line, side);
  }
  return lines.map((line) => found.get(line));
}
