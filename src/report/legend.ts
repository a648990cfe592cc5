import { t } from '@vscode/l10n';
import { escapeHtml } from './format';
import { policyLabel } from './chart';

/** Marker shapes by policy, on a square of 16: they must match `markers` in page/charts.js. */
const shapes = ['<circle cx="8" cy="8" r="4.5"/>', '<rect x="4" y="4" width="8" height="8"/>', '<path d="M8 3.5 12.8 12H3.2Z"/>', '<path d="M8 2.8 13.2 8 8 13.2 2.8 8Z"/>'];

/** Every mark once, with its word. @param policies K */
export function renderLegend(policies: number, probe: boolean): string {
  const items = Array.from({ length: policies }, (_, index) => {
    const role = index < 8 ? `policy-${index + 1}` : 'muted';
    return item(`<g class="${role}${index >= 4 && index < 8 ? ' hollow' : ''}">${shapes[index % shapes.length]}</g>`, policyLabel(index + 1));
  });
  items.push(item('<g class="mean"><circle cx="8" cy="8" r="4.5"/></g>', t('mean')));
  if (probe) items.push(item('<g class="probe"><path d="M4 4 12 12M12 4 4 12"/></g>', t('probe, never deployed')));
  items.push(item('<g class="recommended"><circle cx="8" cy="8" r="6.5"/></g>', t('recommended')));
  items.push(item('<g class="muted"><circle cx="8" cy="8" r="3.5"/></g>', t('real')), item('<g class="muted hollow"><circle cx="8" cy="8" r="3.5"/></g>', t('promised by the models')));
  return `<ul class="legend">${items.join('')}</ul>`;
}

function item(mark: string, label: string): string {
  return `<li><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${mark}</svg>${escapeHtml(label)}</li>`;
}
