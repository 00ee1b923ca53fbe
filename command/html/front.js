// SPDX-License-Identifier: Apache-2.0
// Draws an exploration (nvdla-front/1 with points) with D3 3.5. Every number comes from the JSON in the page.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var spec = data.specification, objectives = spec.objectives, axes = d3.keys(spec.axes);
  var metrics = data.drawn.length ? d3.keys(data.drawn[0].metrics) : objectives;
  var number = function (v) { return Math.abs(v) >= 1e5 || v === Math.round(v) ? d3.format(",.0f")(v) : v.toPrecision(4); };
  var tip = d3.select("#tip");
  function hint(selection, text) {
    selection.on("mousemove", function (d) {
      var e = d3.event;
      tip.style("display", "block").text(text(d));
      tip.style("left", Math.max(4, Math.min(e.clientX + 12, window.innerWidth - tip.node().offsetWidth - 8)) + "px")
        .style("top", e.clientY + 14 + "px");
    }).on("mouseleave", function () { tip.style("display", "none"); });
  }
  function text(p) {
    return "#" + p.point + "\n" + axes.map(function (a) { return a + " " + p.values[a]; }).join(", ") + "\n" +
      objectives.map(function (o) { return o + " " + number(p.metrics[o]); }).join(", ");
  }

  var inputs = spec.inputs.map(function (i) { return i.file.split("/").slice(-2)[0] + " (" + i.config + ")"; });
  d3.select("#title").text("Designs for " + inputs.join(", "));
  d3.select("#design").text("level " + spec.level + "; axes " + axes.map(function (a) {
    return a + " (" + spec.axes[a].length + " values)";
  }).join(", ") + (spec.constraints.length ? "; " + spec.constraints.join(", ") : ""));
  var cards = [["evaluated", data.points.evaluated], ["excluded", data.points.excluded],
    ["not possible", data.points.infeasible], ["on the front", data.front.length]];
  if (data.drawn.length < data.points.evaluated) cards.push(["drawn of them", data.drawn.length]);
  var card = d3.select("#cards").selectAll("div").data(cards).enter().append("div").attr("class", "card");
  card.append("b").text(function (d) { return d3.format(",")(d[1]); });
  card.append("span").text(function (d) { return d[0]; });

  // -- scatter
  var margin = { left: 76, right: 20, top: 26, bottom: 44 }, width = 1000 - 96, height = 420 - 70;
  var svg = d3.select("#scatter").append("svg").attr("viewBox", "0 0 1000 420").append("g")
    .attr("transform", "translate(" + margin.left + "," + margin.top + ")");
  ["x", "y"].forEach(function (id, i) {
    d3.select("#" + id).on("change", draw).selectAll("option").data(metrics).enter().append("option")
      .attr("selected", function (m) { return m === (objectives[1 - i] || objectives[0]) ? "selected" : null; }).text(String);
  });
  function draw() {
    var kx = d3.select("#x").property("value"), ky = d3.select("#y").property("value");
    var all = data.drawn.concat(data.front);
    var scale = function (key, range) {
      var span = d3.extent(all, function (p) { return p.metrics[key]; });
      var room = (span[1] - span[0]) * 0.05 || 1;
      return span[0] > 0 && span[1] / span[0] > 20
        ? d3.scale.log().domain([span[0] / 1.2, span[1] * 1.2]).range(range)
        : d3.scale.linear().domain([Math.max(0, span[0] - room), span[1] + room]).range(range);
    };
    var x = scale(kx, [0, width]), y = scale(ky, [height, 0]);
    svg.selectAll("*").remove();
    svg.append("g").attr("class", "axis").attr("transform", "translate(0," + height + ")")
      .call(d3.svg.axis().scale(x).orient("bottom").ticks(8, "s"));
    svg.append("g").attr("class", "axis").call(d3.svg.axis().scale(y).orient("left").ticks(6, "s"));
    svg.append("text").attr("x", width).attr("y", height + 34).attr("text-anchor", "end").text(kx);
    svg.append("text").attr("x", -44).attr("y", -10).text(ky);
    function dots(points, r, style) {
      hint(svg.append("g").selectAll("circle").data(points).enter().append("circle").attr("r", r)
        .attr("cx", function (p) { return x(p.metrics[kx]); }).attr("cy", function (p) { return y(p.metrics[ky]); })
        .style(style), text);
    }
    dots(data.drawn, 2.5, { fill: "#adb5bd", "fill-opacity": 0.6 });
    dots(data.front, 5, { fill: "#d6336c", stroke: "#fff" });
  }
  if (data.drawn.length) draw();

  // -- sensitivities
  d3.select("#moves").text("Share of the variance of " + objectives[0] + " that the mean of each value explains; the dots are the means.");
  var tall = 34, sens = data.sensitivities;
  var s = d3.select("#sensitivity").append("svg").attr("viewBox", "0 0 1000 " + (sens.length * tall + 40)).append("g")
    .attr("transform", "translate(190,4)");
  var sx = d3.scale.linear().domain([0, 1]).range([0, 330]);
  var means = d3.merge(sens.map(function (v) { return v.mean.map(function (m) { return m[1]; }); }));
  var mx = d3.scale.linear().domain(d3.extent(means)).range([440, 780]);
  var row = s.selectAll("g").data(sens).enter().append("g").attr("transform", function (v, i) { return "translate(0," + i * tall + ")"; });
  row.append("text").attr("x", -8).attr("y", 20).attr("text-anchor", "end").text(function (v) { return v.axis; });
  row.append("rect").attr("y", 6).attr("height", tall - 14).attr("width", function (v) { return sx(v.share); }).style("fill", "#1c7ed6");
  row.append("text").attr("x", function (v) { return sx(v.share) + 5; }).attr("y", 20).text(function (v) { return (100 * v.share).toFixed(1) + " %"; });
  row.append("line").attr("x1", 440).attr("x2", 780).attr("y1", 16).attr("y2", 16).style("stroke", "#d5dae0");
  hint(row.selectAll("circle").data(function (v) {
    return v.mean.map(function (m) { return { axis: v.axis, value: m[0], mean: m[1] }; });
  }).enter().append("circle").attr("r", 4).attr("cy", 16).attr("cx", function (m) { return mx(m.mean); })
    .style({ fill: "#12b886", "fill-opacity": 0.7 }), function (m) {
    return m.axis + " = " + m.value + ": mean " + objectives[0] + " " + number(m.mean);
  });
  s.append("g").attr("class", "axis").attr("transform", "translate(0," + sens.length * tall + ")")
    .call(d3.svg.axis().scale(mx).orient("bottom").ticks(6, "s"));

  // -- table
  var columns = [["design", function (p) { return p.point; }]].concat(objectives.map(function (o) {
    return [o, function (p) { return p.metrics[o]; }];
  })).concat(axes.map(function (a) { return [a, function (p) { return p.values[a]; }]; }));
  var table = d3.select("#table").append("table"), down = {};
  table.append("thead").append("tr").selectAll("th").data(columns).enter().append("th").attr("class", "sort")
    .text(function (c) { return c[0]; }).on("click", function (c) {
      var sign = (down[c[0]] = !down[c[0]]) ? -1 : 1;
      body.sort(function (a, b) { return sign * d3.ascending(c[1](a), c[1](b)); });
    });
  var body = table.append("tbody").selectAll("tr").data(data.front).enter().append("tr");
  body.selectAll("td").data(function (p) {
    return columns.map(function (c) { return number(c[1](p)); });
  }).enter().append("td").text(String);
  document.body.setAttribute("data-drawn", data.front.length);
})();
