// SPDX-License-Identifier: Apache-2.0
// Draws an explanation (nvdla-explain/1) with D3 3.5. Every number comes from the JSON in the page.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var colours = {
    mac_active: "#2f9e44", mac_stripe: "#8ccf7e", mac_kernels: "#c5e8b7", mac_channels: "#e3d26f",
    dbb_bandwidth: "#d6336c", cvsram_bandwidth: "#a61e4d", dbb_latency: "#f08c00", cvsram_latency: "#e8590c",
    outstanding: "#ffa94d", arbitration: "#9c36b5", buffer_space: "#7048e8", data_fetch: "#4dabf7",
    weight_fetch: "#1c7ed6", post_processing: "#12b886", moving: "#0b7285", delivery: "#63e6be",
    write_back: "#868e96", programming: "#495057", driver: "#adb5bd"
  };
  var unitColours = { CONV: "#2f9e44", SDP: "#1c7ed6", PDP: "#12b886", CDP: "#f08c00", BDMA: "#7048e8", RUBIK: "#d6336c" };
  var count = d3.format(","), share = function (x) { return (100 * x).toFixed(1) + " %"; };
  var names = d3.keys(data.cause_texts).filter(function (c) { return data.causes[c]; })
    .sort(function (a, b) { return data.causes[b] - data.causes[a]; });

  var tip = d3.select("#tip");
  function hint(selection, text) {
    selection.on("mousemove", function (d) {
      tip.style("display", "block").text(text(d));
      var e = d3.event, w = tip.node().offsetWidth;
      tip.style("left", Math.max(4, Math.min(e.clientX + 12, window.innerWidth - w - 8)) + "px")
        .style("top", e.clientY + 14 + "px");
    }).on("mouseleave", function () { tip.style("display", "none"); });
    selection.append("title").text(text);
  }
  function chart(id, height, margin) {
    var width = 1000;
    var svg = d3.select(id).append("svg").attr("viewBox", "0 0 " + width + " " + height);
    var g = svg.append("g").attr("transform", "translate(" + margin.left + "," + margin.top + ")");
    return { svg: svg, g: g, w: width - margin.left - margin.right, h: height - margin.top - margin.bottom };
  }
  function axes(c, x, y, xText, yText, xFormat) {
    c.g.append("g").attr("class", "axis").attr("transform", "translate(0," + c.h + ")")
      .call(d3.svg.axis().scale(x).orient("bottom").ticks(8, xFormat));
    c.g.append("text").attr("x", c.w).attr("y", c.h + 34).attr("text-anchor", "end").text(xText);
    if (!y) return;
    c.g.append("g").attr("class", "axis").call(d3.svg.axis().scale(y).orient("left").ticks(6, "s"));
    c.g.append("text").attr("x", -44).attr("y", -8).text(yText);
  }

  // -- summary
  var file = data.input.split("/").slice(-2).join("/");
  document.title = "NVDLA: " + file;
  d3.select("#title").text(file);
  d3.select("#design").text(data.config + ", level " + data.level + ", " + data.clock_mhz + " MHz, DBB latency " +
    data.memory.dbb.latency + " cycles, " + data.memory.dbb.bytes_per_cycle + " bytes a cycle" +
    (data.memory.cvsram ? "; CVSRAM latency " + data.memory.cvsram.latency + ", " +
      data.memory.cvsram.bytes_per_cycle + " bytes a cycle" : ""));
  var cards = [["cycles", count(data.total_cycles)], ["milliseconds", data.milliseconds.toFixed(3)],
    ["a second", data.per_second.toFixed(1)], ["MAC array used", share(data.utilisation.mac_array)],
    ["DBB used", share(data.utilisation.dbb)], ["CBUF at most", share(data.utilisation.cbuf)]];
  if (data.memory.cvsram) cards.push(["CVSRAM used", share(data.utilisation.cvsram)]);
  if (data.recorded_cycles) cards.push(["recorded on RTL", count(data.recorded_cycles)]);
  var card = d3.select("#cards").selectAll("div").data(cards).enter().append("div").attr("class", "card");
  card.append("b").text(function (d) { return d[1]; });
  card.append("span").text(function (d) { return d[0]; });
  d3.select("#advice").selectAll("li").data(data.what_if).enter().append("li").text(function (d) { return d.advice; });

  // -- causes
  var legend = d3.select("#legend").selectAll("span").data(names).enter().append("span");
  legend.append("i").style("background", function (c) { return colours[c]; });
  legend.append("span").text(function (c) {
    return data.cause_texts[c] + " " + count(data.causes[c]) + " (" + share(data.causes[c] / data.total_cycles) + ")";
  });
  function stack(causes) {
    var at = 0;
    return names.filter(function (c) { return causes[c]; }).map(function (c) {
      var part = { cause: c, from: at, cycles: causes[c] };
      at += causes[c];
      return part;
    });
  }
  function bars(c, rows, x, height) {
    var row = c.g.selectAll(".row").data(rows).enter().append("g").attr("class", "row")
      .attr("transform", function (d, i) { return "translate(0," + i * height + ")"; });
    hint(row.selectAll("rect").data(function (d) {
      return stack(d.causes).map(function (p) { p.row = d; return p; });
    }).enter().append("rect").attr("y", 2).attr("height", height - 4)
      .attr("x", function (p) { return x(p.from); })
      .attr("width", function (p) { return Math.max(0.3, x(p.cycles)); })
      .style("fill", function (p) { return colours[p.cause]; }), function (p) {
      var all = d3.sum(d3.values(p.row.causes));
      return p.row.label + "\n" + data.cause_texts[p.cause] + ": " + count(p.cycles) + " cycles, " +
        share(p.cycles / all);
    });
    return row;
  }
  var whole = chart("#total", 44, { left: 4, right: 4, top: 2, bottom: 2 });
  bars(whole, [{ label: "all layers", causes: data.causes }],
    d3.scale.linear().domain([0, data.total_cycles]).range([0, whole.w]), whole.h);
  data.layers.forEach(function (l) { l.label = l.name + " (" + l.unit + " " + l.sequence + ")"; l.cycles = l.to - l.from; });
  var tall = 19;
  var byLayer = chart("#layers", data.layers.length * tall + 50, { left: 170, right: 70, top: 4, bottom: 44 });
  var longest = d3.max(data.layers, function (l) { return l.cycles; });
  var lx = d3.scale.linear().domain([0, longest]).range([0, byLayer.w]);
  var rows = bars(byLayer, data.layers, lx, tall);
  rows.append("text").attr("x", -8).attr("y", tall / 2 + 4).attr("text-anchor", "end").text(function (l) { return l.label; });
  rows.append("text").attr("x", function (l) { return lx(l.cycles) + 5; }).attr("y", tall / 2 + 4)
    .text(function (l) { return share(l.cycles / data.total_cycles); });
  axes(byLayer, lx, null, "cycles", "", "s");

  // -- roofline
  var convolutions = data.layers.filter(function (l) { return l.roofline.unit === "multiplications" && l.roofline.attained > 0; });
  if (convolutions.length) {
    var bandwidth = d3.max(convolutions, function (l) { return l.roofline.memory_roof / l.roofline.intensity; });
    var peak = d3.max(convolutions, function (l) { return l.roofline.compute_roof; });
    var r = chart("#roofline", 380, { left: 70, right: 20, top: 26, bottom: 44 });
    var low = d3.min(convolutions, function (l) { return l.roofline.intensity; });
    var high = Math.max(d3.max(convolutions, function (l) { return l.roofline.intensity; }), peak / bandwidth);
    var floor = d3.min(convolutions, function (l) { return l.roofline.attained; });
    var rx = d3.scale.log().domain([low / 2, high * 4]).range([0, r.w]);
    var ry = d3.scale.log().domain([floor / 2, peak * 1.6]).range([r.h, 0]);
    axes(r, rx, ry, "multiplications a byte", "multiplications a cycle", "s");
    var knee = peak / bandwidth, from = Math.max(low / 2, floor / 2 / bandwidth);
    r.g.append("path").attr("d", "M" + rx(from) + "," + ry(from * bandwidth) + "L" + rx(knee) + "," + ry(peak) +
      "L" + r.w + "," + ry(peak)).style({ fill: "none", stroke: "#d6336c", "stroke-width": 1.5 });
    r.g.append("text").attr("x", rx(knee)).attr("y", ry(peak) - 18).attr("text-anchor", "end")
      .text("MAC array: " + count(peak) + " multiplications a cycle");
    r.g.append("text").attr("x", rx(Math.sqrt(from * knee)) + 12).attr("y", ry(Math.sqrt(from * knee) * bandwidth) + 12)
      .text("memory: " + bandwidth.toPrecision(3) + " bytes a cycle");
    hint(r.g.selectAll("circle").data(convolutions).enter().append("circle")
      .attr("cx", function (l) { return rx(l.roofline.intensity); })
      .attr("cy", function (l) { return ry(l.roofline.attained); })
      .attr("r", function (l) { return 4 + 12 * Math.sqrt(l.cycles / longest); })
      .style({ fill: "#2f9e44", "fill-opacity": 0.45, stroke: "#2b8a3e" }), function (l) {
      return l.label + "\n" + l.roofline.intensity.toPrecision(3) + " multiplications a byte, " +
        l.roofline.attained.toPrecision(3) + " of " + count(l.roofline.compute_roof) + " a cycle\n" +
        share(l.roofline.attained / Math.min(l.roofline.compute_roof, l.roofline.memory_roof)) + " of its roof";
    });
    // One label for names that lie close to each other.
    var labels = [];
    convolutions.forEach(function (l) {
      var at = { x: rx(l.roofline.intensity), y: ry(l.roofline.attained) - 8 - 12 * Math.sqrt(l.cycles / longest) };
      var near = labels.filter(function (o) { return Math.abs(o.x - at.x) < 70 && Math.abs(o.y - at.y) < 24; })[0];
      if (!near) {
        labels.push({ x: at.x, y: at.y, names: [l.name] });
      } else {
        near.y = Math.min(near.y, at.y);
        if (near.names.indexOf(l.name) < 0) near.names.push(l.name);
      }
    });
    r.g.selectAll(".name").data(labels).enter().append("text").attr("text-anchor", "middle")
      .attr("x", function (o) { return Math.min(r.w - 60, Math.max(40, o.x)); })
      .attr("y", function (o) { return Math.max(-10, o.y); })
      .text(function (o) { return o.names.join(", "); });
  } else {
    d3.select("#roofline").append("p").text("There is no convolution.");
  }

  // -- timeline
  var units = ["CONV", "SDP", "PDP", "CDP", "BDMA", "RUBIK"].filter(function (u) {
    return data.operations.some(function (o) { return o.unit === u; });
  });
  var t = chart("#timeline", units.length * 34 + 50, { left: 60, right: 14, top: 4, bottom: 44 });
  var tx = d3.scale.linear().domain([0, data.total_cycles]).range([0, t.w]);
  t.svg.append("clipPath").attr("id", "inside").append("rect").attr("width", t.w).attr("height", t.h);
  t.g.append("rect").attr("width", t.w).attr("height", t.h).style("fill", "#f6f8fa");
  var slices = t.g.append("g").attr("clip-path", "url(#inside)").selectAll("g").data(data.operations).enter().append("g");
  var waits = slices.append("rect").attr("height", 22).style("fill-opacity", 0.25);
  var works = slices.append("rect").attr("height", 22);
  slices.selectAll("rect").attr("y", function () { return units.indexOf(d3.select(this.parentNode).datum().unit) * 34 + 6; })
    .style("fill", function () { return unitColours[d3.select(this.parentNode).datum().unit]; });
  var texts = slices.append("text").style({ fill: "#fff", "pointer-events": "none" })
    .attr("y", function (o) { return units.indexOf(o.unit) * 34 + 21; }).text(function (o) { return o.layer; });
  hint(slices, function (o) {
    return o.layer + ": " + o.unit + " " + o.sequence + "\nenabled " + count(o.enable) + ", start " + count(o.start) +
      ", done " + count(o.done) + "\nbound by " + o.bound_by;
  });
  t.g.selectAll(".unit").data(units).enter().append("text").attr("x", -8).attr("text-anchor", "end")
    .attr("y", function (u, i) { return i * 34 + 21; }).text(String);
  var tAxis = d3.svg.axis().scale(tx).orient("bottom").ticks(8, "s");
  var tAxisG = t.g.append("g").attr("class", "axis").attr("transform", "translate(0," + t.h + ")");
  function place() {
    var span = function (a, b) { return Math.max(0.5, tx(b) - tx(a)); };
    waits.attr("x", function (o) { return tx(o.enable); }).attr("width", function (o) { return span(o.enable, o.start); });
    works.attr("x", function (o) { return tx(o.start); }).attr("width", function (o) { return span(o.start, o.done); });
    texts.attr("x", function (o) { return Math.max(2, tx(o.start) + 3); })
      .style("display", function (o) { return span(o.start, o.done) > 8 + 7 * o.layer.length ? null : "none"; });
    tAxisG.call(tAxis);
  }
  var zoom = d3.behavior.zoom().x(tx).scaleExtent([1, 2000]).on("zoom", place);
  t.svg.call(zoom).on("dblclick.zoom", function () { zoom.translate([0, 0]).scale(1); place(); });
  t.g.append("text").attr("x", t.w).attr("y", t.h + 34).attr("text-anchor", "end").text("cycles");
  place();

  // -- traffic
  var series = [["dbb_read", "DBB read", "#1c7ed6"], ["dbb_written", "DBB written", "#f08c00"],
    ["cvsram_read", "CVSRAM read", "#12b886"], ["cvsram_written", "CVSRAM written", "#d6336c"]]
    .filter(function (s) { return d3.sum(data.traffic[s[0]]) > 0; });
  if (series.length) {
    var m = chart("#traffic", 240, { left: 60, right: 14, top: 24, bottom: 44 });
    var bucket = data.traffic.bucket_cycles;
    var rate = function (v) { return v / bucket; };
    var mx = d3.scale.linear().domain([0, data.total_cycles]).range([0, m.w]);
    var my = d3.scale.linear().range([m.h, 0]).domain([0, d3.max(series, function (s) {
      return d3.max(data.traffic[s[0]], rate);
    })]);
    axes(m, mx, my, "cycles", "bytes a cycle", "s");
    series.forEach(function (s, i) {
      m.g.append("path").attr("d", d3.svg.line().interpolate("step-after")
        .x(function (v, k) { return mx(k * bucket); }).y(function (v) { return my(rate(v)); })(data.traffic[s[0]]))
        .style({ fill: "none", stroke: s[2], "stroke-width": 1.2 });
      m.g.append("text").attr("x", 110 + 120 * i).attr("y", -8).style("fill", s[2]).text(s[1]);
    });
  } else {
    d3.select("#traffic").append("p").attr("class", "note").text("Level " + data.level + " has no single bursts.");
  }

  // -- tables
  var columns = [
    ["layer", function (l) { return l.label; }, String], ["cycles", function (l) { return l.cycles; }, count],
    ["of total", function (l) { return l.cycles / data.total_cycles; }, share],
    ["MAC array", function (l) { return l.utilisation.mac_array; }, share],
    ["DBB", function (l) { return l.utilisation.dbb; }, share],
    ["CBUF", function (l) { return l.utilisation.cbuf; }, share],
    ["DBB bytes", function (l) { return l.dbb_bytes; }, count],
    ["of them weights", function (l) { return l.weight_bytes; }, count],
    ["multiplications", function (l) { return l.multiplications; }, count],
    ["main cause", function (l) {
      var c = d3.entries(l.causes).sort(function (a, b) { return b.value - a.value; })[0];
      return c ? data.cause_texts[c.key] + " " + share(c.value / l.cycles) : "";
    }, String]];
  var table = d3.select("#table").append("table"), down = {};
  table.append("thead").append("tr").selectAll("th").data(columns).enter().append("th").attr("class", "sort")
    .text(function (c) { return c[0]; }).on("click", function (c) {
      var sign = (down[c[0]] = !down[c[0]]) ? -1 : 1;
      body.sort(function (a, b) { return sign * d3.ascending(c[1](a), c[1](b)); });
    });
  var body = table.append("tbody").selectAll("tr").data(data.layers).enter().append("tr");
  body.selectAll("td").data(function (l) {
    return columns.map(function (c) { return c[2](c[1](l)); });
  }).enter().append("td").classed("text", function (v, i) { return i === 0 || i === columns.length - 1; }).text(String);

  var steps = d3.select("#levels").append("table");
  steps.append("thead").append("tr").selectAll("th")
    .data(["level", "cycles", data.recorded_cycles ? "against the recording" : "against " + data.level, "adds, by cause"])
    .enter().append("th").classed("text", function (v, i) { return i === 3; }).text(String);
  var reference = data.recorded_cycles || data.total_cycles;
  steps.append("tbody").selectAll("tr").data(data.levels).enter().append("tr").selectAll("td").data(function (l) {
    var error = 100 * (l.cycles - reference) / reference;
    return [l.level, count(l.cycles), (error > 0 ? "+" : "") + error.toFixed(2) + " %",
      d3.entries(l.added).sort(function (a, b) { return Math.abs(b.value) - Math.abs(a.value); }).slice(0, 4)
        .map(function (c) { return data.cause_texts[c.key] + " " + (c.value > 0 ? "+" : "") + count(c.value); }).join(", ")];
  }).enter().append("td").classed("text", function (v, i) { return i === 3; })
    .style("white-space", function (v, i) { return i === 3 ? "normal" : null; }).text(String);
  document.body.setAttribute("data-drawn", data.layers.length);
})();
