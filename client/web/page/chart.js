// SPDX-License-Identifier: EUPL-1.2
// Charts by uPlot. Each stands beside a table with the same figures, for who cannot see it.
import { el, number } from "./dom.js";

const blue = "#17699a";

function ink() {
  return getComputedStyle(document.body).color;
}

function axis(values) {
  return { stroke: ink(), grid: { stroke: "#8884", width: 1 }, ticks: { stroke: "#8884" }, values, size: 70 };
}

// points: [label, y]; what the axes say stands in `title`.
export function bars(title, points) {
  const place = el("div", { class: "chart", role: "img", "aria-label": title });
  const labels = points.map(([label]) => label);
  const draw = () => new uPlot({
    width: Math.max(320, place.clientWidth || 700), height: 240, title,
    legend: { show: false }, cursor: { show: false },
    scales: { x: { time: false, range: [-0.6, points.length - 0.4] }, y: { range: (u, least, most) => [0, most || 1] } },
    axes: [
      { ...axis((u, splits) => splits.map((at) => labels[at] ?? "")), size: 40, splits: () => thin(labels.length) },
      axis((u, splits) => splits.map((at) => number(at))),
    ],
    series: [{}, { stroke: blue, fill: `${blue}cc`, paths: uPlot.paths.bars({ size: [0.7, 60] }), points: { show: false } }],
  }, [labels.map((_, at) => at), points.map(([, y]) => y)], place);
  requestAnimationFrame(draw);
  return place;
}

// At most twelve labels.
function thin(count) {
  const step = Math.ceil(count / 12) || 1;
  return Array.from({ length: count }, (_, at) => at).filter((at) => at % step === 0);
}
