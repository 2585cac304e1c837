// Settings in the fragment of the address: living:J=1,D=0,start=updown,… What is no such setting is left out.

const MARK = "#living:";

function settingsOf(fragment) {
  const found = { ...FIRST };
  if (!fragment.startsWith(MARK)) { return found; }
  for (const part of fragment.slice(MARK.length, MARK.length + 1000).split(",")) {
    const [key, text] = part.split("=");
    if (Object.hasOwn(CHOICES, key) && CHOICES[key].includes(text)) { found[key] = text; }
    if (Object.hasOwn(RANGES, key) && /^-?[0-9.]+(e-?[0-9]+)?$/.test(text || "") && Number.isFinite(Number(text))) {
      found[key] = Math.min(RANGES[key][1], Math.max(RANGES[key][0], Number(text)));
    }
  }
  return found;
}

function fragmentOf(settings) {
  const changed = Object.keys(FIRST).filter((key) => settings[key] !== FIRST[key]);
  return MARK + changed.map((key) => `${key}=${settings[key]}`).join(",");
}
