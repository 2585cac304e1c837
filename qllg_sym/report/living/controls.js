// The page of the figure: controls to settings, settings to curves, the address and words for readers who do not see.

const root = document.getElementById("living-figure");
const find = (selector) => root.querySelector(selector);
const cell = (name) => find(`[data-reading="${name}"]`);
const AXES = ["x", "y", "z"];

// Curves ------------------------------------------------------------------------------------------------------------

function reading(name) {
  const place = KERNELS.ket_readings.outputs.indexOf(name);
  return (run) => (n) => run.rows[n][place];
}

const bloch = [
  ...AXES.map((axis, k) => ({ label: `r1${axis}`, colour: k, value: reading(`${axis}0`) })),
  ...AXES.map((axis, k) => ({ label: `m1${axis}, classical`, colour: k, dash: "50 30", faint: true,
    there: (run) => run.classical, value: (run) => (n) => run.classical[n][k] }))];
const correlations = [["xx", 0], ["yy", 1], ["zz", 2], ["xy", 3], ["yx", 3, 1], ["xz", 4], ["zx", 4, 1], ["yz", 5],
  ["zy", 5, 1]].map(([word, colour, dashed]) => ({ label: `T${word}`, colour, dash: dashed && "70 25 12 25",
  value: reading(word) }));
const PLACE_OF_B = KERNELS.ket_readings.outputs.indexOf("nonlocality");
const DASHES = ["60 25", "20 25", "80 25 15 25", "110 25"];
const nonlocality = [
  ...DASHES.map((dash, k) => ({ label: (run) => nameOf(run.family[k].other), colour: k + 1, dash, faint: true,
    there: (run) => run.family.length > k && !run.family[k].own,
    value: (run) => (n) => run.family[k].rows[n][PLACE_OF_B] })),
  { label: "B(ρ) of this run", colour: 0, value: reading("nonlocality") }];
const levels = [{ label: "largest eigenvalue of ρ", colour: 0, value: reading("level") },
  { label: "the other three", colour: 1, dash: "60 25", value: reading("other levels") },
  { label: "purity Tr ρ²", colour: 2, dash: "20 25", value: reading("purity") }];
const energy = [{ label: "energy Tr ρH", colour: 0, value: reading("energy") }];

// What a compared run has of its own, for the key.
function nameOf(other) {
  const [[key, value]] = Object.entries(other);
  return key === "start" ? find(`option[value="${value}"]`).textContent.split(" ")[0] : `${key} = ${value}`;
}

function energyRange(run) {
  const values = run.rows.map((row) => at(row, "energy")), low = Math.min(...values), high = Math.max(...values);
  const room = Math.max(0.1, 0.08 * (high - low)), unit = Math.pow(10, Math.floor(Math.log10(high - low + 2 * room)) - 1);
  return [Math.floor((low - room) / unit) * unit, Math.ceil((high + room) / unit) * unit];
}

const plots = [["bloch", "Bloch vector r1 of spin 1 and its classical partner m1", [-1.08, 1.08], bloch],
  ["correlations", "Correlation matrix T", [-1.08, 1.08], correlations],
  ["nonlocality", "Nonlocality B", [-0.04, 1.06], nonlocality],
  ["energy", "Energy", energyRange, energy], ["levels", "Spectrum and purity of the state", [-0.04, 1.06], levels]]
  .map(([name, words, range, curves]) => plot(find(`[data-plot="${name}"]`), words, range, curves));
const ball = sphere(find('[data-plot="sphere"]'));

// State -------------------------------------------------------------------------------------------------------------

let settings = settingsOf(location.hash), run = null, waiting = false, talk = 0;

function place() { return Math.round(settings.at * POINTS); }

function draw() {
  waiting = false;
  run = motion(settings);
  run.bloch = run.rows.map(blochOf);
  for (const one of plots) { one.draw(run); }
  ball.draw(run);
  read();
}

function read() {
  const n = place(), row = run.rows[n], r = run.bloch[n];
  for (const one of plots) { one.mark(n); }
  ball.mark(n);
  cell("time").textContent = `${number(10 * run.times[n], 1)} ps`;
  for (const spin of [0, 1]) {
    const part = r.slice(3 * spin, 3 * spin + 3);
    cell(`r${spin + 1}`).textContent = `(${part.map((x) => number(x, 4)).join(", ")})`;
    cell(`length${spin + 1}`).textContent = number(Math.hypot(...part), 4);
  }
  for (const k of AXES) { for (const l of AXES) { cell(`T${k}${l}`).textContent = number(at(row, k + l), 4); } }
  cell("B").textContent = number(at(row, "nonlocality"), 4);
  cell("energy").textContent = number(at(row, "energy"), 4);
  cell("purity").textContent = number(at(row, "purity"), 4);
  cell("spectrum").textContent = [at(row, "level"), ...Array(3).fill(at(row, "other levels"))]
    .map((x) => number(x, 4)).join(", ");
}

function show() {
  for (const key of Object.keys(RANGES)) {
    const input = find(`#living-${key}`), places = key === "at" ? 0 : RANGES[key][2] < 1 ? 2 : 0;
    input.value = settings[key];
    const shown = key === "at" ? `${number(10 * settings.at * settings.stop, 1)} ps`
      : key === "stop" ? `${number(10 * settings.stop, 0)} ps` : number(settings[key], places);
    find(`output[for="living-${key}"]`).textContent = shown;
    input.setAttribute("aria-valuetext", shown);
  }
  for (const key of Object.keys(CHOICES)) { find(`#living-${key}`).value = settings[key]; }
  find("[data-angles]").hidden = settings.start !== "angles";
  for (const button of root.querySelectorAll("[data-preset]")) {
    const preset = PRESETS[button.dataset.preset];
    button.setAttribute("aria-pressed", Object.keys(preset).every((key) => preset[key] === settings[key]));
  }
}

function change(changed) {
  settings = { ...settings, ...changed };
  show();
  clearTimeout(talk);
  talk = setTimeout(settle, 400);
  if (Object.keys(changed).every((key) => key === "at") && run) { run.settings = settings; read(); return; }
  find("[data-check]").textContent = "";
  if (!waiting) { waiting = true; requestAnimationFrame(draw); }
}

// When the reader has stopped: the address, the check, and one sentence aloud.
function settle() {
  if (waiting) { draw(); }
  if (location.hash !== fragmentOf(settings)) { history.replaceState(null, "", fragmentOf(settings)); }
  find("[data-check]").textContent = checked();
  find("[data-live]").textContent = `At ${cell("time").textContent}: r1 = ${cell("r1").textContent}, B = `
    + `${cell("B").textContent}, energy ${cell("energy").textContent}.`;
}

function checked() {
  let found;
  try { found = checks(run); } catch (error) { return `The right-hand side could not be integrated: ${error.message}.`; }
  const apart = found.apart.toExponential(0).replace("-", "−");
  if (found.growth > 1e6) {
    return `This start lies near an unstable state: rounding grows ${found.growth.toExponential(0)}-fold in this run, `
      + "and late times show fewer digits.";
  }
  return found.apart < 1e-6
    ? `The right-hand side of the law, integrated, is within ${apart} of these curves of the exact solution.`
    : "A symmetry keeps this start in an unstable state. The exact solution stays there; the right-hand side, "
      + "integrated, is carried off by rounding.";
}

// Events ------------------------------------------------------------------------------------------------------------

for (const key of Object.keys(RANGES)) {
  find(`#living-${key}`).addEventListener("input", (event) => change({ [key]: Number(event.target.value) }));
}
for (const key of Object.keys(CHOICES)) {
  find(`#living-${key}`).addEventListener("change", (event) => change({ [key]: event.target.value }));
}
for (const button of root.querySelectorAll("[data-preset]")) {
  button.addEventListener("click", () => change({ at: 1, ...PRESETS[button.dataset.preset] }));
}
window.addEventListener("hashchange", () => {
  if (location.hash.startsWith(MARK)) { change(settingsOf(location.hash)); root.scrollIntoView(); }
});
root.hidden = false;
show();
draw();
find("[data-check]").textContent = checked();
if (location.hash.startsWith(MARK)) { root.scrollIntoView(); }
root.living = { motion, at: (name) => KERNELS.ket_readings.outputs.indexOf(name), settings: () => ({ ...settings }),
  run: () => run, draw: (given) => { settings = { ...settings, ...given }; show(); draw(); } };
