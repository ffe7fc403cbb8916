'use strict';
(() => {
  const figures = JSON.parse(document.getElementById('data').textContent);
  const phone = window.matchMedia('(max-width: 719px)');
  const digits = (value, count) =>
    new Intl.NumberFormat('en', { maximumSignificantDigits: count }).format(value);
  const formats = {
    price: (value) => digits(value, 6),
    amount: (value) =>
      new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value),
    percent: (value) => digits(value * 100, 4) + ' %',
  };
  const moment = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ') + ' UTC';

  // What is folded up is printed too, but for raw values and the other runs.
  window.addEventListener('beforeprint', () => { document.querySelector('.folded details').open = true; });

  for (const figure of figures) {
    const element = document.getElementById(figure.id);
    if (!element || figure.times.length === 0) continue;
    const plot = element.querySelector('.plot');
    const cursor = element.querySelector('.cursor');
    const output = element.querySelector('.values');
    const long = figure.until - figure.from;
    let chosen = -1;

    const hide = () => {
      chosen = -1;
      cursor.hidden = true;
      output.replaceChildren();
    };
    const part = (name, value) => {
      const span = document.createElement('span');
      const bold = document.createElement('b');
      bold.textContent = value;
      span.append(name ? name + ' ' : '', bold);
      return span;
    };
    const show = (index) => {
      chosen = Math.max(0, Math.min(figure.times.length - 1, index));
      const at = figure.times[chosen];
      const frame = phone.matches ? figure.narrow : figure.wide;
      const x = frame.left + ((at - figure.from) / long) * (frame.right - frame.left);
      cursor.style.left = x * 100 + '%';
      cursor.style.top = frame.top * 100 + '%';
      cursor.style.height = (frame.bottom - frame.top) * 100 + '%';
      cursor.hidden = false;
      const shade = figure.shades.find(([, from, until]) => from < at && at <= until);
      const values = figure.names.flatMap((name, i) => {
        const value = figure.values[i][chosen];
        return value === null ? [] : [part(name, formats[figure.format](value))];
      });
      // A mark is as wide as a hundredth of the drawing.
      const marks = figure.marks.flatMap(([name, moments]) => {
        const near = moments.filter((when) => Math.abs(when - at) <= long / 100).length;
        return near === 0 ? [] : [part(near === 1 ? name : name + 's', near)];
      });
      output.replaceChildren(part('', moment(at)), ...(shade ? [part('market', shade[0])] : []), ...values, ...marks);
    };
    const nearest = (at) => {
      let low = 0;
      let high = figure.times.length - 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (figure.times[middle] > at) high = middle;
        else low = middle;
      }
      return at - figure.times[low] < figure.times[high] - at ? low : high;
    };

    const point = (event) => {
      const box = plot.getBoundingClientRect();
      const frame = phone.matches ? figure.narrow : figure.wide;
      const across = ((event.clientX - box.left) / box.width - frame.left) / (frame.right - frame.left);
      show(nearest(figure.from + Math.max(0, Math.min(1, across)) * long));
    };
    plot.addEventListener('pointermove', point);
    plot.addEventListener('pointerdown', point);
    plot.addEventListener('pointerleave', (event) => { if (event.pointerType === 'mouse') hide(); });
    plot.addEventListener('blur', hide);
    plot.addEventListener('keydown', (event) => {
      const far = Math.max(1, Math.round(figure.times.length / 20));
      const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -far, PageDown: far };
      if (event.key in steps) show((chosen < 0 ? 0 : chosen) + steps[event.key]);
      else if (event.key === 'Home') show(0);
      else if (event.key === 'End') show(figure.times.length - 1);
      else if (event.key === 'Escape') hide();
      else return;
      event.preventDefault();
    });
  }
})();
