// A chart as SVG text, the same for the build, the kernel and the page: a pure function without DOM. Whatever JSON `spec`
// is, the result is one svg element with every text escaped. `width` is in CSS pixels; the height depends on nothing but
// the number of bars of a "barh". docs/reference/sections.md describes the specification.
const drawChart = (spec, width = 640) => {
  const { abs, ceil, floor, log10, max, min, round } = Math;
  const { kind, title, x, series, xLabel, yLabel, logX, logY, marks, lines, yMin, yMax } = Object(spec);
  const list = (value, most = 2000) => (Array.isArray(value) ? value.slice(0, most) : []);
  const words = (value) => String(Object(value) === value ? "" : value ?? "").slice(0, 120).replace(/[\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+/gu, " ");
  const safe = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt()};`);
  const number = (value, isLog) => (typeof value === "number" && abs(value) < 1e300 && (!isLog || value > 1e-300) ? value : null);
  const known = (values) => values.filter((value) => value !== null);
  const px = (value) => round(value * 10) / 10;
  // There is nothing to measure with: the widths of Inter, rather too wide than too narrow.
  const wide = (text, size = 12.5) => [...text].reduce((sum, sign) => sum + (/[ilj.,:;|'!()tfrI ]/.test(sign) ? 0.36 : sign > "⺀" ? 1 : /[A-Zmw@%]/.test(sign) ? 0.84 : 0.63), 0) * size;
  const widest = (texts, size) => max(0, ...texts.map((text) => wide(text, size)));
  const wrap = (text, room, size) => {
    const rows = [];
    for (const word of text.split(" ")) {
      const longer = rows.length ? `${rows.at(-1)} ${word}` : word;
      if (wide(longer, size) > room || !rows.length) rows.push(word);
      else rows[rows.length - 1] = longer;
    }
    return text ? rows : [];
  };
  // 1,234 but 12.3k; the ticks of an axis all have the unit of the greatest, `peak`.
  const format = (value, peak = value) => {
    const size = abs(value), sign = value < 0 ? "−" : "";
    if (size && (size < 1e-3 || size >= 1e15)) {
      const [factor, power] = size.toExponential(2).split("e");
      return sign + (+factor === 1 ? "" : +factor + "×") + "10" + `${+power}`.replace(/./g, (digit) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(digit)]);
    }
    const power = abs(peak) < 9999.5 ? 0 : min(4, floor(log10(abs(peak) * 1.0005) / 3));
    const [whole, part] = `${+(size / 1000 ** power).toPrecision(power ? 3 : 4)}`.split(".");
    return size ? sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? "." + part : "") + "kMBT".charAt(power - 1) : "0";
  };
  // Where a value lies between the ends of its axis, 0 to 1, and the ticks. `low` and `high` are the author's own ends.
  const axis = (values, isLog, count, nice, low = null, high = null) => {
    const scale = isLog ? log10 : (value) => value;
    if (!values.length) values = [1, 10];
    let start = low ?? min(...values), end = high ?? max(...values);
    if (!(end - start > abs(end) * 1e-9)) {
      [start, end] = isLog ? [start / 2, start * 2] : [start - (abs(start) / 2 || 1), start + (abs(start) / 2 || 1)];
      low = high = null;
    }
    const span = scale(end) - scale(start), least = span / count, power = 10 ** floor(log10(least));
    const step = isLog ? max(1, ceil(least)) : [1, 2, 2.5, 5, 10].find((factor) => factor * power > least * 0.999) * power;
    let ticks = [];
    for (let at = floor(scale(start) / step); at <= ceil(scale(end) / step); at++)
      for (const factor of isLog && span < 2 ? [1, 2, 5] : [1]) ticks.push(isLog ? factor * 10 ** (at * step) : +(at * step).toPrecision(12));
    ticks = ticks.filter((tick) => number(tick, isLog) !== null);
    const before = (one, other) => scale(one) <= scale(other) + span * 1e-6;
    if (nice) [start, end] = [low ?? ticks.findLast((tick) => before(tick, start)) ?? start, high ?? ticks.find((tick) => before(end, tick)) ?? end];
    ticks = ticks.filter((tick) => before(start, tick) && before(tick, end));
    const peak = isLog ? undefined : max(...ticks.map(abs));
    return { ticks, text: (tick) => format(tick, peak), at: (value) => max(0, min(1, (scale(value) - scale(start)) / (scale(end) - scale(start)))) };
  };

  const bars = kind === "bar" || kind === "barh";
  const given = list(x);
  const names = given.map((one) => words(one).slice(0, 60));
  const numeric = !bars && given.every((one) => number(one) !== null);
  const isLogX = numeric && logX === true, isLogY = logY === true;
  const xs = given.map((one, index) => (numeric ? number(one, isLogX) : index));
  const curves = list(series, 8).map((one) => [words(one?.name), xs.map((at, index) => (at === null ? at : number(list(one?.y)[index], isLogY)))]);
  const points = list(bars ? 0 : marks, 20).map((one) => [number(one?.[0], isLogX), number(one?.[1], isLogY), words(one?.[2])]).filter((one) => !one.includes(null));
  const levels = list(lines, 8).map((one) => [number(one?.[0], isLogY), words(one?.[1])]).filter(([y]) => y !== null);
  width = max(200, min(2000, number(width) ?? 640));
  // Bars without room for their names lie down.
  const flat = kind === "barh" || (bars && names.length < 13 && widest(names) > (width - 50) / names.length - 6);
  const height = kind === "barh" ? max(180, min(900, names.length * max(32, curves.length * 18 + 12) + 74)) : 320;

  const ink = "var(--nb-ink,#1c1e20)", muted = "var(--nb-muted,#4a4f54)", faint = "var(--nb-line,#deded8)", paper = "var(--nb-chart-paper,#fff)";
  const colour = (index) => `var(--nb-c${index + 1},#${["0b4f8a", "9c3d00", "0d5a31", "73216c", "8f1420", "0a5563", "5c4300", "4a4f54"][index]})`;
  const dashes = ["", "7 4", "2 4", "9 4 2 4", "4 2", "12 4", "1 5", "6 2 1 2"];
  const svg = [];
  const write = (text, at, y, rest = "") => svg.push(`<text x="${px(at)}" y="${px(y)}"${rest}>${safe(text)}</text>`);
  const draw = (path, stroke, rest = "") => svg.push(`<path d="${path}" fill="none" stroke="${stroke}"${rest}/>`);
  const box = (left, top, across, down, index) => svg.push(`<rect x="${px(left)}" y="${px(top)}" width="${px(across)}" height="${px(down)}" rx="2" fill="${colour(index)}"/>`);
  const end = ' text-anchor="end"', middle = ' text-anchor="middle"', dark = ` fill="${ink}"`, bold = ' font-weight="600"', halo = ` stroke="${paper}" stroke-width="4" paint-order="stroke"`;

  // Title, legend or labels at the ends of the curves, names of the axes: what is left is for the plot.
  let top = 0;
  for (const row of wrap(words(title), width, 16)) write(row, 0, (top += 20) - 4, ` font-size="15"${bold}${dark}`);
  top += top && 6;
  const labelled = widest(curves.map(([name]) => name), 13.5);
  const direct = !bars && curves.length > 1 && labelled < width * 0.27;
  let next = 0;
  if (curves.length > 1 && !direct) {
    curves.forEach(([name], index) => {
      const needed = wide(name, 13) + 46;
      if (next && next + needed > width + 20) [next, top] = [0, top + 20];
      if (bars) box(next, top + 3, 22, 11, index);
      else draw(`M${next} ${top + 9}h22`, colour(index), ` stroke-width="2.5" stroke-dasharray="${dashes[index]}"`);
      write(name, next + 28, top + 13, dark);
      next = px(next + needed);
    });
    top += 24;
  }
  for (const row of wrap(words(flat ? "" : yLabel), width)) write(row, 0, (top += 16) - 3);
  top += 12;
  const below = wrap(words(flat ? yLabel : xLabel), width);
  below.forEach((row, index) => write(row, width, height - 5 - 16 * (below.length - 1 - index), end));
  const bottom = height - (flat ? 8 : 24) - 17 * below.length;

  const heights = [...curves.flatMap(([, y]) => known(y)), ...points.map(([, y]) => y), ...levels.map(([y]) => y)];
  const peak = max(...heights), least = min(...heights);
  if (!isLogY && heights.length && (bars || (least > 0 && least < peak * 0.6))) heights.push(0);
  const upward = axis(heights, isLogY, max(2, floor((flat ? width / 2 : bottom - top) / 55)), true, number(yMin, isLogY), number(yMax, isLogY));
  const base = (isLogY ? 0 : upward.at(0));
  const left = flat ? min(widest(names) + 10, width * 0.4) : widest(upward.ticks.map(upward.text)) + 8;
  const room = bars && widest(curves.flatMap(([, y]) => known(y).map((value) => format(value))));
  const right = width - (flat ? room + 10 : direct ? labelled + 14 : 8);
  const place = (part) => (flat ? left + (right - left) * part : bottom - (bottom - top) * part);
  const at = (value) => px(place(upward.at(value)));
  const across = (where, ...look) => draw(flat ? `M${where} ${top}V${bottom}` : `M${px(left)} ${where}H${px(right)}`, ...look);
  if (!flat) for (const tick of upward.ticks) {
    across(at(tick), faint);
    write(upward.text(tick), left - 8, at(tick) + 4, end);
  }
  // Labels of points and levels: of some places near by, the one where least is in the way.
  const taken = [], passed = [];
  const put = (text, size, places, rest) => {
    let best;
    places.forEach(([at, y, anchor], order) => {
      const room = wide(text, size);
      const from = max(left + 2, min(anchor ? at - room : at, width - room));
      const spot = [from, y - size, from + room, y + 4];
      const hits = taken.filter((one) => spot[0] < one[2] && spot[2] > one[0] && spot[1] < one[3] && spot[3] > one[1]).length;
      const on = passed.filter((one) => one[0] > from - 4 && one[0] < spot[2] + 4 && one[1] > y - size - 3 && one[1] < y + 7).length;
      const cost = hits * 60 + on * 3 + order + (y - size < top - 14 || y > bottom ? 50 : 0);
      if (!best || cost < best.cost) best = { cost, spot };
    });
    taken.push(best.spot);
    write(text, best.spot[0], best.spot[3] - 4, dark + rest + halo);
  };

  if (bars) {
    const band = (flat ? bottom - top : right - left) / max(names.length, 1), thick = min((band * 0.76) / max(curves.length, 1), flat ? 26 : 72);
    const zero = place(base);
    const every = ceil((widest(names) + 8) / band);
    names.forEach((name, row) => {
      const centre = (flat ? top : left) + band * (row + 0.5);
      const rows = flat ? wrap(name, left - 8) : [name];
      if (flat || row % every === 0) rows.forEach((part, index) => write(part, flat ? left - 8 : centre, flat ? centre + 12 + 15 * (index - rows.length / 2) : bottom + 17, (flat ? end : middle) + dark));
      curves.forEach(([, y], index) => {
        if (y[row] === null) return;
        const start = centre + thick * (index - curves.length / 2) + 1, tip = at(y[row]), near = min(tip, zero), size = max(abs(tip - zero), 0.5);
        if (flat) box(near, start, size, thick - 2, index);
        else box(start, near, thick - 2, size, index);
        if (flat ? thick < 10 : room > thick + 6) return;
        const [from, level] = flat ? [max(tip, zero) + 6, start + thick / 2 + 3.5] : [start + thick / 2 - 1, tip > zero ? tip + 15 : tip - 5];
        taken.push([from - room / 2, level - 12, from + room, level + 2]);
        write(format(y[row]), from, level, (flat ? "" : middle) + bold + dark);
      });
    });
    across(px(zero), muted);
  } else {
    const forward = axis([...known(xs), ...points.map(([one]) => one)], isLogX, max(2, floor((right - left) / 90)), false);
    const along = (value) => px(left + (right - left) * forward.at(value));
    const every = ceil((xs.length * (widest(names) + 12)) / (right - left));
    draw(`M${px(left)} ${bottom}H${px(right)}`, muted);
    for (const tick of numeric ? forward.ticks : xs.filter((one) => one % every === 0)) {
      const text = numeric ? forward.text(tick) : names[tick], half = wide(text) / 2;
      draw(`M${along(tick)} ${bottom}v4`, muted);
      write(text, max(half, min(along(tick), width - half)), bottom + 17, middle);
    }
    const ends = [];
    curves.forEach(([name, y], index) => {
      let path = "", before;
      y.forEach((value, order) => {
        const here = value === null ? undefined : [along(xs[order]), at(value)];
        if (here) path += before && kind === "step" ? `H${here[0]}V${here[1]}` : (before ? "L" : "M") + here.join(" ");
        for (let part = 0; here && part < 8; part++) passed.push(here.map((one, side) => (before ? one + ((before[side] - one) * part) / 8 : one)));
        before = here;
      });
      if (!path) return;
      if (curves.length === 1 && kind === "line" && !base && !isLogY && !known(y).some((value) => value < 0) && path.lastIndexOf("M") === 0) svg.push(`<path d="${path}V${bottom}H${path.slice(1).split(" ")[0]}Z" fill="${colour(0)}" opacity=".08"/>`);
      draw(path, colour(index), ` stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round" stroke-dasharray="${dashes[index]}"`);
      ends.push([passed.at(-8)[1], name, index]);
    });
    if (direct) {
      ends.sort((one, other) => one[0] - other[0]);
      ends.forEach((one, order) => (one[0] = max(one[0], (ends[order - 1]?.[0] ?? 0) + 16)));
      ends.reverse().forEach((one, order) => (one[0] = min(one[0], (ends[order - 1]?.[0] ?? bottom + 16) - 16)));
      for (const [y, name, index] of ends) write(name, right + 7, y + 4.5, ` font-size="13"${bold} fill="${colour(index)}"`);
    }
    for (const one of points) [one[0], one[1]] = [along(one[0]), at(one[1])];
  }
  for (const [one, y] of points) taken.push([one - 6, y - 6, one + 6, y + 6]);
  for (const [value, text] of levels) {
    const y = at(value);
    across(y, ink, ' stroke-dasharray="4 3"');
    for (let one = left; one < right && !flat; one += 12) passed.push([one, y]);
    put(text, 12.5, flat ? [[y + 6, top - 2], [y - 6, top - 2, 1], [y + 6, bottom + 12]] : [[right, y - 6, 1], [left + 6, y - 6], [right, y + 16, 1], [left + 6, y + 16], [(left + right) / 2, y - 6]], "");
  }
  for (const [one, y, text] of points) {
    svg.push(`<circle cx="${one}" cy="${y}" r="5" fill="${ink}" stroke="${paper}" stroke-width="2"/>`);
    put(text, 13, [-9, 19, -26, 36].flatMap((shift) => [[one + 8, y + shift], [one - 8, y + shift, 1]]), bold);
  }

  const told = curves.map(([name, y]) => {
    const said = known(y.map((value, index) => value === null ? value : `${numeric ? format(xs[index]) : names[index]}: ` + format(value)));
    return `${name} ${said.length > 12 ? [said[0], said[said.length >> 1], said.at(-1)].join(", ") : said.join(", ")}`;
  });
  const alt = [words(title) || "Chart", [words(yLabel), words(xLabel)].filter(Boolean).join(" by "), ...told, ...[...points, ...levels].map((one) => one.at(-1))];
  return `<svg xmlns="http://www.w3.org/2000/svg" class="nb-chart" width="${px(width)}" height="${height}" viewBox="0 0 ${px(width)} ${height}" role="img" aria-label="${safe(alt.map((one) => one.trim()).filter(Boolean).join(". "))}" font-family="Inter,system-ui,sans-serif" font-size="12.5" fill="${muted}"><rect width="100%" height="100%" fill="${paper}"/>${svg.join("")}</svg>`;
};
