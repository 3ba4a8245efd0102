// A chart as a picture: with what it shows above and its words below.

const SCALE = 2,
  PAD = 16,
  ROW = 22,
  SIZE = 14;

export function save(chart, { title, lines, name, colour }) {
  const drawn = chart.renderToCanvas({ pixelRatio: SCALE, backgroundColor: colour("card") });
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const font = (weight) =>
    `${weight} ${SIZE}px ${getComputedStyle(document.body).fontFamily || "sans-serif"}`;
  const width = drawn.width / SCALE;
  pen.font = font(400);
  const below = lines.flatMap((line) => wrapped(pen, line, width - 2 * PAD));
  const above = wrapped(pen, title, width - 2 * PAD);
  canvas.width = drawn.width;
  canvas.height = drawn.height + SCALE * (2 * PAD + ROW * (above.length + below.length) + PAD);
  pen.scale(SCALE, SCALE);
  pen.fillStyle = colour("card");
  pen.fillRect(0, 0, width, canvas.height / SCALE);
  pen.fillStyle = colour("ink");
  pen.textBaseline = "top";
  let y = PAD;
  const write = (line) => {
    pen.fillText(line, PAD, y);
    y += ROW;
  };
  pen.font = font(700);
  above.forEach(write);
  pen.drawImage(drawn, 0, y, width, drawn.height / SCALE);
  y += drawn.height / SCALE + PAD;
  pen.font = font(400);
  below.forEach(write);
  canvas.toBlob((blob) => {
    const address = URL.createObjectURL(blob);
    Object.assign(document.createElement("a"), { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10e3);
  }, "image/png");
}

// A text in lines that fit; Chinese may be broken anywhere, words only between them.
function wrapped(pen, text, width) {
  const found = [""];
  for (const part of text.match(/[\x21-\x7e]+|[^\x21-\x7e]/g) ?? []) {
    const longer = found.at(-1) + part;
    if (found.at(-1) && pen.measureText(longer).width > width) found.push(part.trimStart());
    else found[found.length - 1] = longer;
  }
  return found;
}
