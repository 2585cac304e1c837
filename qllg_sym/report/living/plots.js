// Curves over time as SVG: axes are made once, and a new run changes the paths alone.

const SVG = "http://www.w3.org/2000/svg";
const BOX = { width: 480, height: 230, left: 46, right: 12, top: 12, bottom: 36 };
const STRIDE = 2;       // every second point is drawn: they lie two pixels apart
const FINE = 10;        // points of a path are whole numbers of tenths
const ACROSS = BOX.width - BOX.left - BOX.right, UP = BOX.height - BOX.top - BOX.bottom;
const COLUMNS = Array.from({ length: POINTS + 1 },
  (_, n) => `${n ? "L" : "M"}${Math.round(FINE * (BOX.left + ACROSS * n / POINTS))} `);

function svg(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const key of Object.keys(attributes)) { made.setAttribute(key, attributes[key]); }
  if (parent) { parent.append(made); }
  return made;
}

function number(value, places) {
  const text = value.toFixed(places);
  return (Number(text) === 0 ? (0).toFixed(places) : text).replace("-", "−");
}

// At most `count` round numbers from low to high.
function ticks(low, high, count) {
  const rough = (high - low) / count, unit = Math.pow(10, Math.floor(Math.log10(rough)));
  const step = unit * [1, 2, 5, 10].find((k) => k * unit >= rough * (1 - 1e-9));
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) { found.push(k * step); }
  return { found, places: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

// A plot in a figure of the page. Curves: { label: text or of a run, colour, dash, faint, there: of a run, value: of a
// run, a function of the index of time }.
function plot(host, name, range, curves) {
  const frame = svg("svg", { viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: "img", "aria-label": name });
  host.append(frame);
  const marks = svg("g", { class: "marks" }, frame);
  const scaled = svg("g", { transform: `scale(${1 / FINE})` }, frame);
  const paths = curves.map((curve) => svg("path", { class: `curve ${curve.faint ? "faint" : ""}`,
    style: `stroke: var(--curve-${curve.colour}); stroke-dasharray: ${curve.dash || "none"}` }, scaled));
  const samples = legend(host, curves);
  const cursor = svg("line", { class: "cursor", y1: BOX.top, y2: BOX.top + UP }, frame);
  let drawn = "";
  const draw = (run) => {
    const [low, high] = typeof range === "function" ? range(run) : range;
    const stop = 10 * run.settings.stop, key = `${low} ${high} ${stop}`;
    if (key !== drawn) { axes(marks, low, high, stop); drawn = key; }
    const height = FINE * UP / (high - low), bottom = FINE * (BOX.top + UP) + low * height;
    curves.forEach((curve, k) => {
      const there = !curve.there || curve.there(run);
      let text = "";
      samples[k].hidden = !there;
      if (there) {
        const value = curve.value(run);
        if (typeof curve.label === "function") { samples[k].lastChild.data = curve.label(run); }
        for (let n = 0; n <= POINTS; n += STRIDE) { text += COLUMNS[n] + Math.round(bottom - height * value(n)); }
      }
      paths[k].setAttribute("d", text);
    });
  };
  const mark = (place) => {
    const x = BOX.left + ACROSS * place / POINTS;
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
  };
  return { draw, mark };
}

function axes(group, low, high, stop) {
  group.replaceChildren();
  svg("rect", { class: "frame", x: BOX.left, y: BOX.top, width: ACROSS, height: UP }, group);
  const upright = ticks(low, high, 5), along = ticks(0, stop, 5);
  for (const value of upright.found) {
    const y = BOX.top + UP * (high - value) / (high - low);
    svg("line", { class: value === 0 ? "zero" : "grid", x1: BOX.left, x2: BOX.left + ACROSS, y1: y, y2: y }, group);
    svg("text", { x: BOX.left - 6, y: y + 4, "text-anchor": "end" }, group).textContent = number(value, upright.places);
  }
  for (const value of along.found) {
    const x = BOX.left + ACROSS * value / stop;
    svg("line", { class: "tick", x1: x, x2: x, y1: BOX.top + UP, y2: BOX.top + UP + 4 }, group);
    svg("text", { x, y: BOX.top + UP + 16, "text-anchor": "middle" }, group).textContent = number(value, along.places);
  }
  svg("text", { x: BOX.left + ACROSS / 2, y: BOX.height - 4, "text-anchor": "middle" }, group).textContent = "Time (ps)";
}

// The key of a plot: one line and one name a curve; those of curves that are not there are hidden.
function legend(host, curves) {
  const list = document.createElement("ul");
  list.className = "legend";
  host.append(list);
  return curves.map((curve) => {
    const item = document.createElement("li"), sample = svg("svg", { viewBox: "0 0 28 8", "aria-hidden": "true" }, item);
    const dashes = (curve.dash || "").split(" ").filter(Boolean).map((x) => x / FINE).join(" ") || "none";
    svg("line", { class: `curve ${curve.faint ? "faint" : ""}`, x1: 0, x2: 28, y1: 4, y2: 4,
      style: `stroke: var(--curve-${curve.colour}); stroke-dasharray: ${dashes}` }, sample);
    item.append(typeof curve.label === "function" ? " " : curve.label);
    list.append(item);
    return item;
  });
}
