// The Bloch sphere of one run, seen from a direction that dragging and the arrow keys turn.

const TURN = Math.PI / 24, RADIUS = 100;

function sphere(host) {
  const frame = svg("svg", { viewBox: "-125 -120 250 240", role: "img", tabindex: 0, class: "sphere",
    "aria-label": "Bloch vectors of both spins inside the unit sphere; drag or use the arrow keys to turn it" });
  host.append(frame);
  const back = svg("g", {}, frame);
  const names = ["back-0", "back-1", "front-0", "front-1"];
  const fine = svg("g", { transform: `scale(${1 / FINE})` }, frame);
  const paths = names.map((name) => svg("path", { class: `path ${name}` }, fine));
  const ends = [0, 1].map((k) => svg("circle", { class: `end end-${k}`, r: 4.5 }, frame));
  let azimuth = -0.5, height = 0.35, run = null, place = POINTS;

  // To the right, down, and towards the reader.
  const seen = (x, y, z) => {
    const [c, s, C, S] = [Math.cos(azimuth), Math.sin(azimuth), Math.cos(height), Math.sin(height)];
    const right = c * y - s * x, inward = c * x + s * y;
    return [RADIUS * right, RADIUS * (S * inward - C * z), C * inward + S * z];
  };
  const outline = () => {
    back.replaceChildren();
    svg("circle", { class: "outline", r: RADIUS }, back);
    const circles = [(a) => seen(Math.cos(a), Math.sin(a), 0), (a) => seen(Math.cos(a), 0, Math.sin(a)),
      (a) => seen(0, Math.cos(a), Math.sin(a))];
    for (const circle of circles) { halves(back, circle); }
    ["x", "y", "z"].forEach((name, k) => {
      const end = seen(...[0, 1, 2].map((m) => (m === k ? 1 : 0)));
      svg("line", { class: "axis", x1: 0, y1: 0, x2: end[0], y2: end[1] }, back);
      svg("text", { x: 1.13 * end[0], y: 1.13 * end[1] + 4, "text-anchor": "middle" }, back).textContent = name;
    });
  };
  const paint = () => {
    if (!run) { return; }
    for (const spin of [0, 1]) {
      const texts = ["", ""];
      let last = -1;
      for (let n = 0; n <= POINTS; n += STRIDE) {
        const row = run.bloch[n], [x, y, depth] = seen(row[3 * spin], row[3 * spin + 1], row[3 * spin + 2]);
        const near = depth >= 0 ? 1 : 0, point = `${Math.round(FINE * x)} ${Math.round(FINE * y)}`;
        if (last >= 0 && last !== near) { texts[last] += `L${point}`; }
        texts[near] += (last === near ? "L" : "M") + point;
        last = near;
      }
      paths[spin].setAttribute("d", texts[0]);
      paths[2 + spin].setAttribute("d", texts[1]);
    }
    mark(place);
  };
  const mark = (index) => {
    place = index;
    [0, 1].forEach((spin) => {
      const [x, y] = seen(...run.bloch[place].slice(3 * spin, 3 * spin + 3));
      ends[spin].setAttribute("cx", x);
      ends[spin].setAttribute("cy", y);
    });
  };
  const turn = (around, up) => {
    azimuth -= around;
    height = Math.min(1.5, Math.max(-1.5, height + up));
    outline();
    paint();
  };
  turning(frame, turn);
  outline();
  return { draw: (given) => { run = given; paint(); }, mark };
}

// A circle, the half that is behind in dashes.
function halves(group, circle) {
  const texts = { front: "", behind: "" };
  for (let n = 0; n < 72; n += 1) {
    const [from, to] = [circle(Math.PI * n / 36), circle(Math.PI * (n + 1) / 36)];
    texts[from[2] + to[2] >= 0 ? "front" : "behind"] +=
      `M${from[0].toFixed(1)} ${from[1].toFixed(1)}L${to[0].toFixed(1)} ${to[1].toFixed(1)}`;
  }
  for (const name of Object.keys(texts)) { svg("path", { class: `circle ${name}`, d: texts[name] }, group); }
}

function turning(frame, turn) {
  let from = null;
  frame.addEventListener("pointerdown", (event) => {
    from = [event.clientX, event.clientY];
    frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", (event) => {
    if (!from) { return; }
    turn((event.clientX - from[0]) / 120, (event.clientY - from[1]) / 120);
    from = [event.clientX, event.clientY];
  });
  for (const name of ["pointerup", "pointercancel"]) { frame.addEventListener(name, () => { from = null; }); }
  const keys = { ArrowLeft: [-TURN, 0], ArrowRight: [TURN, 0], ArrowUp: [0, TURN], ArrowDown: [0, -TURN] };
  frame.addEventListener("keydown", (event) => {
    if (!Object.hasOwn(keys, event.key)) { return; }
    event.preventDefault();
    turn(...keys[event.key]);
  });
}
