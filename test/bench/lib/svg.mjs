const WIDTH = 640;
const HEIGHT = 360;
const MARGIN = { left: 72, right: 20, top: 40, bottom: 52 };
const COLOURS = ["#2563eb", "#dc2626", "#059669", "#b45309"];

/** A line chart as a document of its own; readable on light and dark pages. Both axes are logarithmic unless told otherwise. */
export function lineChart({ title, x, y, lines, linear = false }) {
  const points = lines.flatMap((line) => line.points);
  const xs = scale(
    points.map(([value]) => value),
    [MARGIN.left, WIDTH - MARGIN.right],
    linear,
  );
  const ys = scale(
    points.map(([, value]) => value),
    [HEIGHT - MARGIN.bottom, MARGIN.top],
    linear,
    true,
  );
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(WIDTH / 2, 22, title, "middle", 14),
    ...xs.ticks.flatMap((tick) => [
      line(xs.at(tick), MARGIN.top, xs.at(tick), HEIGHT - MARGIN.bottom),
      text(xs.at(tick), HEIGHT - MARGIN.bottom + 18, short(tick), "middle"),
    ]),
    ...ys.ticks.flatMap((tick) => [
      line(MARGIN.left, ys.at(tick), WIDTH - MARGIN.right, ys.at(tick)),
      text(MARGIN.left - 8, ys.at(tick) + 4, short(tick), "end"),
    ]),
    text(WIDTH / 2, HEIGHT - 12, x, "middle"),
    `<text x="16" y="${HEIGHT / 2}" text-anchor="middle" fill="#374151" transform="rotate(-90 16 ${HEIGHT / 2})">${escape(y)}</text>`,
    ...lines.flatMap((one, index) => drawn(one, COLOURS[index % COLOURS.length], index, xs, ys)),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

function drawn({ name, points }, colour, index, xs, ys) {
  const path = points.map(([a, b]) => `${round(xs.at(a))},${round(ys.at(b))}`).join(" ");
  const few = points.length <= 20;
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...(few
      ? points.map(
          ([a, b]) => `<circle cx="${round(xs.at(a))}" cy="${round(ys.at(b))}" r="3" fill="${colour}"/>`,
        )
      : []),
    `<rect x="${MARGIN.left + 12}" y="${MARGIN.top + 6 + index * 18}" width="12" height="4" fill="${colour}"/>`,
    text(MARGIN.left + 30, MARGIN.top + 12 + index * 18, name, "start"),
  ];
}

/** Maps values to pixels, with ticks at powers of ten or at even steps from zero. */
function scale(values, [from, to], linear, fromZero = false) {
  const least = linear && fromZero ? 0 : Math.min(...values);
  const most = Math.max(...values);
  if (linear) {
    const step = 10 ** Math.floor(Math.log10((most - least) / 2 || 1));
    const stride = (most - least) / step > 12 ? step * 5 : step * 2;
    const ticks = [];
    for (let tick = Math.ceil(least / stride) * stride; tick <= most; tick += stride) ticks.push(tick);
    return { ticks, at: (value) => from + ((value - least) / (most - least || 1)) * (to - from) };
  }
  const low = Math.log10(least);
  const high = Math.max(Math.log10(most), low + 0.1);
  const ticks = [];
  for (let power = Math.ceil(low); power <= high; power += 1) ticks.push(10 ** power);
  return { ticks, at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from) };
}

const round = (value) => Math.round(value * 10) / 10;
const escape = (value) => value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const line = (x1, y1, x2, y2) =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="#e5e7eb"/>`;
const text = (x, y, value, anchor, size = 12) =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}" fill="#374151">${escape(value)}</text>`;

function short(value) {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1e3 ? `${value / 1e3}k` : String(Math.round(value * 1000) / 1000);
}
