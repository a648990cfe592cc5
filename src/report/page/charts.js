/* The report page's script: draws the chart descriptions of the page (see chart.ts) with Chart.js in the theme's colours. */
(() => {
  'use strict';
  const { Chart, matchMedia, getComputedStyle, document } = globalThis;
  const descriptions = JSON.parse(document.getElementById('charts').textContent);
  const markers = ['circle', 'rect', 'triangle', 'rectRot'];
  const dashes = [[], [7, 3], [2, 2.5], [9, 3, 2, 3]];
  const drawn = new Map();
  let crosshair = null;

  const theme = () => {
    const style = getComputedStyle(document.documentElement);
    return (name) => style.getPropertyValue(`--${name}`).trim();
  };

  const colourOf = (role, colour) => {
    if (typeof role === 'number') return role <= 8 ? colour(`policy-${role}`) : colour('muted');
    return colour({ accent: 'accent', muted: 'muted' }[role] ?? 'foreground');
  };

  const markerOf = (role) => (typeof role === 'number' ? markers[(role - 1) % markers.length] : role === 'probe' ? 'crossRot' : 'circle');

  function dataset(series, chart, colour) {
    const line = colourOf(series.role, colour);
    const policy = typeof series.role === 'number';
    const hollow = new Set(series.hollow);
    const end = series.points.length - 1;
    const size = series.role === 'mean' ? 4.5 : series.role === 'recommended' ? 9 : chart.shape === 'wide' ? 4.5 : 4;
    const always = policy && series.role > 4 && series.hollow.length === 0;
    return {
      label: series.label,
      data: series.points.map(([x, y]) => ({ x, y })),
      showLine: series.line !== 'none',
      borderColor: line,
      borderWidth: series.role === 'mean' ? 2 : 1.6,
      borderDash: series.line === 'dashed' ? [3, 3] : series.line === 'policy' && policy ? dashes[(series.role - 1) % dashes.length] : [],
      pointStyle: markerOf(series.role),
      pointRadius: series.points.map((_, index) => (series.markers === 'all' || (series.markers === 'last' && index === end) ? size : 0)),
      pointBackgroundColor: series.points.map((_, index) => (series.role === 'recommended' ? 'transparent' : hollow.has(index) || always ? colour('background') : line)),
      pointBorderColor: line,
      pointBorderWidth: 1.5,
      pointHitRadius: 6,
      spanGaps: false,
      order: series.role === 'mean' ? -1 : 0,
    };
  }

  /** Lines, boxes and words behind and beside the data. */
  const marks = (chart, colour) => ({
    id: 'marks',
    beforeDatasetsDraw({ ctx, chartArea: area, scales: { x, y } }) {
      ctx.save();
      ctx.lineWidth = 1;
      ctx.strokeStyle = colour('muted');
      for (const mark of chart.marks) {
        ctx.beginPath();
        ctx.setLineDash(mark.dash ?? []);
        if (mark.kind === 'horizontal') line(ctx, area.left, y.getPixelForValue(mark.at), area.right, y.getPixelForValue(mark.at));
        if (mark.kind === 'vertical') {
          ctx.strokeStyle = colour('rule');
          line(ctx, x.getPixelForValue(mark.at), area.top, x.getPixelForValue(mark.at), area.bottom);
        }
        if (mark.kind === 'rectangle') {
          const [left, right] = mark.x.map((value) => x.getPixelForValue(value));
          const [bottom, top] = mark.y.map((value) => y.getPixelForValue(value));
          ctx.strokeStyle = colour('muted');
          ctx.setLineDash([5, 4]);
          ctx.strokeRect(left, top, right - left, bottom - top);
        }
        if (mark.kind === 'circle') {
          ctx.save();
          ctx.rect(area.left, area.top, area.width, area.height);
          ctx.clip();
          ctx.beginPath();
          ctx.strokeStyle = colour('rule');
          ctx.ellipse(x.getPixelForValue(mark.x), y.getPixelForValue(mark.y), Math.abs(x.getPixelForValue(mark.radius) - x.getPixelForValue(0)), Math.abs(y.getPixelForValue(mark.radius) - y.getPixelForValue(0)), 0, 0, 2 * Math.PI);
          ctx.stroke();
          ctx.restore();
        }
      }
      ctx.restore();
    },
    afterDatasetsDraw({ ctx, chartArea: area, scales: { x, y } }) {
      ctx.save();
      ctx.font = `11px ${getComputedStyle(document.body).fontFamily}`;
      ctx.textBaseline = 'middle';
      ctx.fillStyle = colour('muted');
      const sides = chart.marks.filter((mark) => mark.kind === 'horizontal').map((mark) => ({ label: mark.label, y: y.getPixelForValue(mark.at) })).sort((a, b) => a.y - b.y);
      for (let i = 1; i < sides.length; i++) sides[i].y = Math.max(sides[i].y, sides[i - 1].y + 13);
      for (const side of sides) ctx.fillText(side.label, area.right + 8, side.y);
      for (const mark of chart.marks) {
        if (mark.kind === 'vertical') {
          ctx.textAlign = 'left';
          ctx.fillText(mark.label, x.getPixelForValue(mark.at) + 4, area.top + 7);
        }
        if (mark.kind === 'circle' && mark.label) {
          ctx.textAlign = 'center';
          ctx.fillText(mark.label, x.getPixelForValue(mark.x), y.getPixelForValue(mark.y));
        }
        if (mark.kind === 'text') {
          ctx.textAlign = 'center';
          ctx.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
          ctx.fillStyle = colour('foreground');
          ctx.fillText(mark.label, x.getPixelForValue(mark.x), y.getPixelForValue(mark.y) - 14);
        }
      }
      if (crosshair && chart.group && crosshair.group === chart.group) {
        ctx.strokeStyle = colour('muted');
        ctx.beginPath();
        line(ctx, x.getPixelForValue(crosshair.x), area.top, x.getPixelForValue(crosshair.x), area.bottom);
      }
      ctx.restore();
    },
    afterEvent({ scales: { x } }, { event, inChartArea }) {
      if (!chart.group || (event.type !== 'mousemove' && event.type !== 'mouseout')) return;
      crosshair = inChartArea && event.type === 'mousemove' ? { group: chart.group, x: x.getValueForPixel(event.x) } : null;
      for (const [other, instance] of drawn) if (other.group === chart.group) instance.draw();
    },
  });

  function line(ctx, x1, y1, x2, y2) {
    ctx.moveTo(x1, y1);
    ctx.lineTo(x2, y2);
    ctx.stroke();
  }

  /** A tick's number, with a true minus sign and no negative zero. */
  function number(value) {
    return (value === 0 ? 0 : value).toLocaleString(document.documentElement.lang, { maximumSignificantDigits: 6 }).replace('-', '\u2212');
  }

  function scale(axis, colour, vertical, square) {
    return {
      type: 'linear',
      ...(axis.min !== null && { min: axis.min }),
      ...(axis.max !== null && { max: axis.max }),
      grace: vertical && axis.min === null ? '8%' : axis.max === null && vertical ? '15%' : 0,
      title: { display: axis.title !== '', text: axis.title, color: colour('muted'), font: { size: 11 } },
      border: { display: !vertical, color: colour('rule') },
      grid: { color: colour('grid'), display: vertical || square, drawTicks: false },
      ticks: {
        color: colour('muted'),
        font: { size: 11 },
        maxRotation: 0,
        padding: 6,
        maxTicksLimit: square ? 6 : 5,
        callback: (value) => (axis.names ? (axis.names[String(value)] ?? '') : number(value)),
      },
      ...(axis.names && { afterBuildTicks: (built) => { built.ticks = Object.keys(axis.names).map((name) => ({ value: Number(name) })); } }),
      ...(square && { afterFit: (fitted) => { fitted[vertical ? 'width' : 'height'] = 44; } }),
    };
  }

  function draw(chart) {
    const canvas = document.getElementById(chart.id);
    if (!canvas || canvas.closest('details.group:not([open])')) return; // closed: drawn when opened, else without a size
    const colour = theme();
    const square = chart.shape === 'square';
    const words = chart.marks.filter((mark) => mark.kind === 'horizontal').reduce((length, mark) => Math.max(length, mark.label.length), 0);
    const horizontals = chart.marks.filter((mark) => mark.kind === 'horizontal').map((mark) => mark.at);
    const y = scale(chart.y, colour, true, square);
    if (horizontals.length > 0) Object.assign(y, { suggestedMin: Math.min(...horizontals), suggestedMax: Math.max(...horizontals) });
    drawn.get(chart)?.destroy();
    drawn.set(chart, new Chart(canvas, {
      type: 'scatter',
      data: { datasets: chart.series.map((series) => dataset(series, chart, colour)) },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        layout: { padding: { right: words > 0 ? 8 + words * 6.4 : 8, top: 8 } },
        interaction: chart.group ? { mode: 'nearest', axis: 'x', intersect: false } : { mode: 'nearest', intersect: true },
        scales: { x: scale(chart.x, colour, false, square), y },
        plugins: {
          legend: { display: false },
          tooltip: {
            backgroundColor: colour('band'), titleColor: colour('foreground'), bodyColor: colour('foreground'), borderColor: colour('rule'), borderWidth: 1,
            filter: (item) => chart.series[item.datasetIndex].role !== 'recommended',
            callbacks: { label: (item) => `${item.dataset.label}: ${item.parsed.y.toLocaleString(document.documentElement.lang, { maximumSignificantDigits: 5 })}${chart.series[item.datasetIndex].hollow.includes(item.dataIndex) ? ` ${document.body.dataset.promised}` : ''}` },
          },
        },
      },
      plugins: [marks(chart, colour)],
    }));
  }

  const drawAll = () => descriptions.forEach(draw);
  drawAll();
  document.documentElement.dataset.charts = String(drawn.size);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  for (const group of document.querySelectorAll('details.group')) group.addEventListener('toggle', () => descriptions.filter((chart) => !drawn.has(chart)).forEach(draw));
})();
