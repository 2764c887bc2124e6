"use strict";
(() => {
  const root = document.documentElement;
  const byID = (id) => document.getElementById(id);
  root.classList.add("js");

  // Tables: a click on a head sorts, a second one turns the order round.
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = head.querySelector("button");
      if (!button) return;
      button.addEventListener("click", () => {
        const isNumber = head.classList.contains("n");
        const was = head.getAttribute("aria-sort");
        const descending = was ? was === "ascending" : isNumber;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        const value = (row) => {
          const cell = row.cells[column];
          const text = cell.dataset.v ?? cell.textContent.trim();
          return isNumber ? Number(text) : text;
        };
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row, index) => ({ row, index, value: value(row) }));
        rows.sort((a, b) => {
          const order = a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
          return (descending ? -order : order) || a.index - b.index;
        });
        body.append(...rows.map((entry) => entry.row));
      });
    });
  }

  // Names of findings lead to them, where they stand in the page with their evidence.
  for (const name of document.querySelectorAll(".ref")) {
    const id = name.textContent;
    if (!byID(id)) continue;
    const link = document.createElement("a");
    link.href = `#${id}`;
    link.textContent = id;
    name.replaceChildren(link);
  }
  // What a link leads to must not stay folded.
  function unfold() {
    const target = byID(decodeURIComponent(location.hash.slice(1)));
    for (let part = target?.closest("details"); part; part = part.parentElement?.closest("details")) part.open = true;
    target?.scrollIntoView();
  }
  addEventListener("hashchange", unfold);
  if (location.hash) unfold();

  // What is printed must not depend on what was folded on the screen.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const part of folded) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of folded) part.open = false; });

  // A device picked: its findings, its destinations, its lanes.
  const picker = byID("device");
  const isOf = (element, device) =>
    !device || (element.dataset.devices ?? "").split(" ").includes(device);
  function pick() {
    for (const element of document.querySelectorAll("[data-devices]")) {
      element.hidden = !isOf(element, picker.value);
    }
  }
  if (picker) picker.addEventListener("change", () => { pick(); if (timeline) timeline.draw(); });

  const timeline = makeTimeline();
  if (timeline) {
    timeline.draw();
    addEventListener("resize", () => timeline.draw());
  }

  function makeTimeline() {
    const source = byID("timeline-data");
    const place = byID("timeline-live");
    if (!source || !place) return null;
    const data = JSON.parse(source.textContent);
    const views = data.views;
    const every = Object.values(views).flat();
    if (!data.count || !every.length) return null;
    const viewPicker = byID("view");
    const tip = byID("timeline-tip");
    const range = byID("timeline-range");
    const sameScale = byID("same-scale");
    const width = data.width;
    const end = data.start + data.count * width;
    for (const lane of every) {
      const bins = [];
      for (const number of lane.bins) {
        if (number < 0) for (let i = 0; i > number; i -= 1) bins.push(0);
        else bins.push(number);
      }
      lane.bins = bins;
      lane.peak = Math.max(...bins, 1);
    }
    const state = { from: data.start, to: end, cursor: data.start, lane: 0 };
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600,
      43200, 86400, 172800, 604800, 1209600, 2419200];
    const namespace = "http://www.w3.org/2000/svg";
    let geometry = { left: 0, plot: 1, tops: [], height: 0 };

    // The site's clock: what to add to UTC from a second on.
    const offset = (seconds) => {
      let found = 0;
      for (const [from, value] of data.offsets ?? []) if (seconds >= from) found = value;
      return found;
    };
    const iso = (seconds) => new Date(seconds * 1000).toISOString();
    const clock = (seconds) => iso(seconds).slice(11, 19);
    const day = (seconds) => iso(seconds).slice(0, 10);
    const scaled = (value, units) => {
      let index = 0;
      while (value >= 999.5 && index < units.length - 1) { value /= 1000; index += 1; }
      const digits = index === 0 ? 0 : value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
      return `${value.toFixed(digits)} ${units[index]}`;
    };
    const bytes = (value) => scaled(value, ["B", "kB", "MB", "GB", "TB"]);
    const rate = (value) => scaled(value * 8 / width, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"]);

    function element(name, attributes, text) {
      const made = document.createElementNS(namespace, name);
      for (const key in attributes) made.setAttribute(key, attributes[key]);
      if (text !== undefined) made.textContent = text;
      return made;
    }
    // A device that is picked has its findings' lanes, or its own where those are too many.
    function lanes() {
      if (!picker?.value) return views[viewPicker.value] ?? [];
      const own = (view) => (views[view] ?? []).filter((lane) => lane.device === picker.value);
      return own("finding").length ? own("finding") : own("device");
    }
    const local = (seconds) => data.zone ? ` (${clock(seconds + offset(seconds))} ${data.zone})` : "";
    const x = (seconds) =>
      geometry.left + (seconds - state.from) / (state.to - state.from) * geometry.plot;
    const seconds = (position) =>
      state.from + (position - geometry.left) / geometry.plot * (state.to - state.from);

    function area(lane, top, height) {
      const peak = sameScale?.checked ? Math.max(...geometry.shown.map((one) => one.peak)) : lane.peak;
      const first = Math.max(0, Math.floor((state.from - data.start) / width));
      const last = Math.min(data.count, Math.ceil((state.to - data.start) / width));
      const group = Math.max(1, Math.floor((last - first) / geometry.plot));
      const parts = [];
      for (let bin = first; bin < last; bin += group) {
        let most = 0;
        for (let i = bin; i < Math.min(bin + group, last); i += 1) most = Math.max(most, lane.bins[i]);
        if (most <= 0) continue;
        const a = Math.max(geometry.left, x(data.start + bin * width));
        const b = Math.min(geometry.left + geometry.plot, x(data.start + Math.min(bin + group, last) * width));
        const h = Math.max(1.5, most / peak * height);
        const w = Math.max(0.6, b - a - (b - a > 3 ? 0.6 : 0));
        parts.push(`M${a.toFixed(1)} ${top + height}v${(-h).toFixed(1)}h${w.toFixed(1)}V${top + height}z`);
      }
      return parts.join("");
    }

    const shapes = {
      began: "M-4 4L0-3 4 4z", dns: "M0-4L4 0 0 4-4 0z", inbound: "M-4-3L4-3 0 4z",
      before: "M-3-3h6v6h-6z"
    };

    function draw() {
      tip.hidden = true;
      const total = Math.max(280, place.clientWidth);
      const narrow = total < 640;
      const left = narrow ? 4 : Math.min(300, Math.round(total * 0.3));
      const plot = total - left - (narrow ? 4 : 96);
      const shown = lanes();
      state.lane = Math.min(state.lane, Math.max(0, shown.length - 1));
      const barHeight = 26;
      const labelHeight = narrow ? 16 : 0;
      const pitch = barHeight + labelHeight + 20;
      const height = shown.length * pitch + (data.zone ? 50 : 34);
      const bottom = shown.length * pitch + 6;
      geometry = { left, plot, pitch, labelHeight, barHeight, height, bottom, shown };
      const svg = element("svg", {
        class: "drawing", viewBox: `0 0 ${total} ${height}`, height, tabindex: "0",
        role: "application", "aria-label": "Timeline of findings", "aria-describedby": "timeline-help"
      });
      const step = steps.find((s) => s / (state.to - state.from) * plot >= 84) ?? 2419200;
      for (let t = Math.ceil(state.from / step) * step; t <= state.to; t += step) {
        svg.append(element("path", { class: "grid", d: `M${x(t).toFixed(1)} 0V${bottom}` }));
        const label = (time) => step >= 86400 ? day(time) : step >= 60 ? clock(time).slice(0, 5) : clock(time);
        if (x(t) > left - 1 && x(t) < left + plot - 20) {
          const at = { class: "middle dim", x: Math.max(left + 22, x(t)) };
          svg.append(element("text", { ...at, y: bottom + 14 }, label(t)));
          if (data.zone) svg.append(element("text", { ...at, y: bottom + 30 }, label(t + offset(t))));
        }
      }
      if (!narrow) {
        svg.append(element("text", { class: "dim", x: 4, y: bottom + 14 }, "UTC"));
        if (data.zone) svg.append(element("text", { class: "dim", x: 4, y: bottom + 30 }, data.zone));
      }
      for (const [from, to] of data.gaps) {
        if (to < state.from || from > state.to) continue;
        const a = Math.max(left, x(from));
        const gap = element("rect", { class: "gap", x: a, y: 0, width: Math.max(1, Math.min(left + plot, x(to)) - a), height: bottom });
        gap.append(element("title", {}, "no capture covers this time"));
        svg.append(gap);
      }
      shown.forEach((lane, index) => {
        const top = index * pitch + labelHeight + 4;
        const group = element("g", { class: index === state.lane ? "lane picked" : "lane" });
        group.append(element("rect", { class: "back", x: 0, y: top - labelHeight - 4, width: total, height: pitch - 2 }));
        if (narrow) {
          const most = Math.floor((total - 8) / 6.5);
          const text = lane.label.length > most ? `${lane.label.slice(0, most - 1)}\u2026` : lane.label;
          group.append(element("text", { class: "strong", x: 4, y: top - 4 }, text));
        } else {
          const most = Math.floor((left - 12) / 6.6);
          const cut = (text) => text.length > most ? `${text.slice(0, most - 1)}\u2026` : text;
          group.append(element("text", { class: "strong", x: 4, y: top + 10 }, cut(lane.label)));
          group.append(element("text", { class: "dim", x: 4, y: top + 25 }, cut(lane.note)));
          group.append(element("text", { class: "dim", x: left + plot + 6, y: top + 10 }, bytes(lane.total)));
          group.append(element("text", { class: "dim", x: left + plot + 6, y: top + 25 }, rate(lane.peak)));
        }
        group.append(element("path", { class: "axis", d: `M${left} ${top + barHeight}h${plot}` }));
        group.append(element("path", { class: lane.severity, d: area(lane, top, barHeight) }));
        for (const [time, kind, text] of lane.events) {
          if (time < state.from || time > state.to) continue;
          const position = x(time).toFixed(1);
          const mark = kind === "key"
            ? element("path", { class: "key", d: `M${position} ${top + barHeight + 1}v6` })
            : element("path", { class: "mark", transform: `translate(${position} ${top + barHeight + 8})`, d: shapes[kind] ?? shapes.before });
          mark.append(element("title", {}, `${iso(time).replace("T", " ").slice(0, 23)} UTC${local(time)}: ${text || "key frame"}`));
          group.append(mark);
        }
        svg.append(group);
      });
      svg.append(element("path", { class: "cursor", d: `M${x(state.cursor).toFixed(1)} 0V${bottom}` }));
      const focused = document.activeElement === place.querySelector("svg");
      place.querySelector("svg")?.remove();
      place.prepend(svg);
      listen(svg);
      if (focused) svg.focus({ preventScroll: true });
      range.textContent = `${day(state.from)} ${clock(state.from)} to ${day(state.to - 1e-3)} ${clock(state.to)} UTC, ${width} s a bin`;
    }

    function say(lane, time) {
      const bin = Math.min(data.count - 1, Math.max(0, Math.floor((time - data.start) / width)));
      const begin = data.start + bin * width;
      return `${day(begin)} ${clock(begin)} UTC${local(begin)}, ${lane.label}: ${bytes(lane.bins[bin])}, ${rate(lane.bins[bin])}`;
    }

    function moveCursor(time, lane, position) {
      state.cursor = Math.min(state.to, Math.max(state.from, time));
      state.lane = lane;
      const svg = place.querySelector("svg");
      svg.querySelector(".cursor").setAttribute("d", `M${x(state.cursor).toFixed(1)} 0V${geometry.bottom}`);
      svg.querySelectorAll(".lane").forEach((group, index) =>
        group.setAttribute("class", index === lane ? "lane picked" : "lane"));
      const shown = geometry.shown[lane];
      if (!shown) return;
      tip.textContent = say(shown, state.cursor);
      tip.hidden = false;
      const at = position ?? { x: x(state.cursor), y: lane * geometry.pitch + geometry.pitch };
      tip.style.left = `${Math.max(0, Math.min(place.clientWidth - 250, at.x + 12))}px`;
      tip.style.top = `${at.y + 14}px`;
    }

    function zoom(factor, around) {
      const span = Math.min(end - data.start, Math.max(2 * width, (state.to - state.from) * factor));
      const share = (around - state.from) / (state.to - state.from);
      let from = around - span * share;
      from = Math.max(data.start, Math.min(end - span, from));
      state.from = from;
      state.to = from + span;
      draw();
    }

    function shift(share) {
      const span = state.to - state.from;
      const from = Math.max(data.start, Math.min(end - span, state.from + span * share));
      state.from = from;
      state.to = from + span;
      draw();
    }

    // The time in which the lanes that are shown sent anything, with a margin.
    function showFindings() {
      let [first, last] = [data.count, -1];
      for (const lane of lanes()) {
        const begin = lane.bins.findIndex((value) => value > 0);
        if (begin < 0) continue;
        first = Math.min(first, begin);
        last = Math.max(last, lane.bins.findLastIndex((value) => value > 0));
      }
      if (last < 0) return;
      const margin = Math.max(width, (last + 1 - first) * width * 0.05);
      state.from = Math.max(data.start, data.start + first * width - margin);
      state.to = Math.min(end, data.start + (last + 1) * width + margin);
      draw();
    }

    function reset() { state.from = data.start; state.to = end; draw(); }

    function listen(svg) {
      const at = (event) => {
        const box = svg.getBoundingClientRect();
        const position = { x: event.clientX - box.left, y: event.clientY - box.top };
        const lane = Math.max(0, Math.min(geometry.shown.length - 1, Math.floor(position.y / geometry.pitch)));
        return { position, lane, time: seconds(position.x) };
      };
      let start = null;
      svg.addEventListener("pointermove", (event) => {
        const here = at(event);
        moveCursor(here.time, here.lane, here.position);
        if (start === null) return;
        let brush = svg.querySelector(".brush");
        if (!brush) { brush = element("rect", { class: "brush", y: 0, height: geometry.bottom }); svg.append(brush); }
        brush.setAttribute("x", Math.min(start, here.position.x));
        brush.setAttribute("width", Math.abs(here.position.x - start));
      });
      svg.addEventListener("pointerdown", (event) => {
        if (event.button !== 0 || event.pointerType === "touch") return;
        event.preventDefault();
        svg.focus({ preventScroll: true });
        start = at(event).position.x;
        svg.setPointerCapture(event.pointerId);
      });
      svg.addEventListener("pointerup", (event) => {
        if (start === null) return;
        const stop = at(event).position.x;
        const [a, b] = [seconds(Math.min(start, stop)), seconds(Math.max(start, stop))];
        const isDrag = Math.abs(stop - start) > 6;
        start = null;
        svg.querySelector(".brush")?.remove();
        if (!isDrag) return;
        state.from = Math.max(data.start, a);
        state.to = Math.min(end, Math.max(b, state.from + 2 * width));
        draw();
      });
      svg.addEventListener("pointerleave", () => { tip.hidden = true; });
      svg.addEventListener("dblclick", reset);
      svg.addEventListener("wheel", (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        zoom(event.deltaY < 0 ? 0.8 : 1.25, at(event).time);
      }, { passive: false });
      svg.addEventListener("keydown", (event) => {
        const last = geometry.shown.length - 1;
        const keys = {
          ArrowLeft: () => event.shiftKey ? shift(-0.25) : moveCursor(state.cursor - width, state.lane),
          ArrowRight: () => event.shiftKey ? shift(0.25) : moveCursor(state.cursor + width, state.lane),
          ArrowUp: () => moveCursor(state.cursor, Math.max(0, state.lane - 1)),
          ArrowDown: () => moveCursor(state.cursor, Math.min(last, state.lane + 1)),
          Home: () => moveCursor(state.from, state.lane), End: () => moveCursor(state.to, state.lane),
          "+": () => zoom(0.5, state.cursor), "=": () => zoom(0.5, state.cursor),
          "-": () => zoom(2, state.cursor), 0: reset, Escape: () => { tip.hidden = true; }
        };
        const action = keys[event.key];
        if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        action();
        const lane = geometry.shown[state.lane];
        if (lane && event.key.startsWith("Arrow") && !event.shiftKey) range.textContent = say(lane, state.cursor);
      });
    }

    const middle = () => (state.from + state.to) / 2;
    byID("zoom-in")?.addEventListener("click", () => zoom(0.5, middle()));
    byID("zoom-out")?.addEventListener("click", () => zoom(2, middle()));
    byID("zoom-findings")?.addEventListener("click", showFindings);
    viewPicker?.addEventListener("change", () => {
      // A view of all is no view of one device.
      if (picker?.value) { picker.value = ""; pick(); }
      draw();
    });
    byID("zoom-all")?.addEventListener("click", reset);
    byID("move-left")?.addEventListener("click", () => shift(-0.5));
    byID("move-right")?.addEventListener("click", () => shift(0.5));
    sameScale?.addEventListener("change", draw);
    return { draw };
  }
})();
