// Dormand and Prince's method of order 8, with the errors of orders 5 and 3, for any y' = f(t, y).
// Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, section II.10; coefficients: DOP853.

const SAFETY = 0.9, SLOWEST = 0.2, FASTEST = 6;

// The states at increasing times, the first of which is that of y0; one array a time.
function integrate(f, y0, times, rtol, atol) {
  const found = [Array.from(y0)];
  let t = times[0], y = found[0], k0 = f(t, y), h = (times[times.length - 1] - t) / 100;
  for (let n = 1; n < times.length; n += 1) {
    while (t < times[n]) {
      const left = times[n] - t;
      const last = h >= left * (1 - 1e-12);
      const width = last ? left : h;
      const tried = trial(f, t, y, k0, width, rtol, atol);
      const factor = tried.error === 0 ? FASTEST
        : Math.min(FASTEST, Math.max(SLOWEST, SAFETY * Math.pow(tried.error, -1 / 8)));
      if (tried.error <= 1) {
        t = last ? times[n] : t + width;
        y = tried.y;
        k0 = f(t, y);
        h = last ? Math.max(h, width * factor) : width * factor;
      } else {
        h = width * Math.min(1, factor);
      }
      if (!(h > 1e-13 * Math.max(1, Math.abs(t)))) { throw new Error("the step became too small"); }
    }
    found.push(y);
  }
  return found;
}

// One step: the new state, and its error in units of what is allowed.
function trial(f, t, y, k0, h, rtol, atol) {
  const k = [k0];
  for (let s = 0; s < DOP853.A.length; s += 1) {
    k.push(f(t + DOP853.C[0][s + 1] * h, shifted(y, h, k, DOP853.A[s])));
  }
  const next = shifted(y, h, k, DOP853.B[0]);
  let five = 0, three = 0;
  for (let i = 0; i < y.length; i += 1) {
    const scale = atol + rtol * Math.max(Math.abs(y[i]), Math.abs(next[i]));
    five += (combined(k, DOP853.E5[0], i) / scale) ** 2;
    three += (combined(k, DOP853.E3[0], i) / scale) ** 2;
  }
  const below = five + 0.01 * three;
  return { y: next, error: below === 0 ? 0 : Math.abs(h) * five / Math.sqrt(below * y.length) };
}

function shifted(y, h, k, weights) {
  const sum = new Array(y.length);
  for (let i = 0; i < y.length; i += 1) { sum[i] = y[i] + h * combined(k, weights, i); }
  return sum;
}

// Weights beyond the stages that there are belong to the slope at the new state, and vanish for this method.
function combined(k, weights, i) {
  let sum = 0;
  for (let s = 0; s < k.length; s += 1) { sum += weights[s] * k[s][i]; }
  return sum;
}
