import '../shared/base.css';
import { PolicyDiffPage } from './page';

customElements.define('ibrl-policy-diff', PolicyDiffPage);
document.body.append(document.createElement('ibrl-policy-diff'));
