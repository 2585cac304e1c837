// One run of the dimer at given settings: every number comes out of a printed kernel.

const POINTS = 400, WORDS = 15, NEAR = 1e-9;

// The parameters of a kernel at given settings.
function parameters(kernel, settings) {
  return kernel.parameters.map((name) => name === "step" ? settings.stop / POINTS : settings[ALIASES[name] || name]);
}

function grid(settings) {
  return Array.from({ length: POINTS + 1 }, (_, n) => n * settings.stop / POINTS);
}

function startOf(settings) {
  const named = KETS[settings.start];
  return named || KERNELS.product_ket.run(0, [], parameters(KERNELS.product_ket, settings));
}

// The exact solution from a ket: what is read off it, one array a time.
function exactRun(settings, ket) {
  const { exact_step: step, ket_readings } = KERNELS;
  const moves = parameters(step, settings), reads = parameters(ket_readings, settings);
  const rows = [ket_readings.run(0, ket, reads)];
  for (let n = 0; n < POINTS; n += 1) {
    ket = step.run(0, ket, moves);
    rows.push(ket_readings.run(0, ket, reads));
  }
  return rows;
}

function at(row, name) { return row[KERNELS.ket_readings.outputs.indexOf(name)]; }

// Bloch vectors of both spins of one row.
function blochOf(row) { return ["x0", "y0", "z0", "0x", "0y", "0z"].map((name) => at(row, name)); }

// The classical moments that start along the Bloch vectors; none where these are no unit vectors.
function classicalRun(settings) {
  const pure = { ...settings, p: 1 };
  const start = blochOf(KERNELS.ket_readings.run(0, startOf(settings), parameters(KERNELS.ket_readings, pure)));
  const lengths = [0, 3].map((k) => Math.hypot(start[k], start[k + 1], start[k + 2]));
  if (lengths.some((length) => Math.abs(length - 1) > NEAR)) { return null; }
  const given = parameters(KERNELS.classical_rhs, settings);
  return integrate((t, y) => KERNELS.classical_rhs.run(t, y, given), start, grid(settings), 1e-11, 1e-13);
}

// Everything that is drawn at given settings.
function motion(settings) {
  const rows = exactRun(settings, startOf(settings));
  const family = FAMILIES[settings.compare].map((other) => {
    const its = { ...settings, ...other };
    return { own: Object.keys(other).every((key) => other[key] === settings[key]), other,
      rows: exactRun(its, startOf(its)) };
  });
  return { settings, times: grid(settings), rows, family, classical: classicalRun(settings) };
}

// How far the law's right-hand side, integrated, is from the exact solution, and how much a relative change of the
// start grows: what rounding does to the curves is that times 1e-16.
function checks(run) {
  const given = parameters(KERNELS.quantum_rhs, run.settings);
  const integrated = integrate((t, y) => KERNELS.quantum_rhs.run(t, y, given), run.rows[0].slice(0, WORDS), run.times, 1e-11, 1e-13);
  const turned = startOf(run.settings).map((x, k) => x * (1 + NEAR * Math.cos(3 * k + 1)));
  const length = Math.hypot(...turned);
  const other = exactRun(run.settings, turned.map((x) => x / length));
  return { apart: farthest(run.rows, integrated), growth: farthest(run.rows, other) / NEAR };
}

function farthest(rows, others) {
  let most = 0;
  for (let n = 0; n < rows.length; n += 1) {
    for (let k = 0; k < WORDS; k += 1) { most = Math.max(most, Math.abs(rows[n][k] - others[n][k])); }
  }
  return most;
}
